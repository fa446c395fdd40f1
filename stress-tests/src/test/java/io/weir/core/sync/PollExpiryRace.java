package io.weir.core.sync;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.weir.core.CapturedTimer;
import java.time.Duration;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/**
 * A poll waits; one thread puts while its time runs out on another.
 *
 * <p>Allowed: the poll has the element; or it ended empty and the element is inside for the next. Forbidden: it ended
 * empty and the element is gone, which is what a time-out outside the queue does; or the end came twice.
 */
@JCStressTest
@State
@Outcome(id = "1, 0", expect = ACCEPTABLE, desc = "in time")
@Outcome(id = "3, 1", expect = ACCEPTABLE, desc = "too late")
@Outcome(expect = FORBIDDEN, desc = "the time-out took an element with it")
public class PollExpiryRace {
    private final AsyncQueue<Integer> queue = AsyncQueue.bounded(1);
    private final Probe<Integer> poll = new Probe<>();
    private final Runnable expiry;

    static {
        CapturedTimer.install();
    }

    public PollExpiryRace() {
        queue.poll(Duration.ofHours(1)).subscribe(poll);
        expiry = CapturedTimer.last();
    }

    @Actor
    public void put() {
        queue.tryPut(7);
    }

    @Actor
    public void expire() {
        expiry.run();
    }

    @Arbiter
    public void end(II_Result r) {
        r.r1 = poll.code();
        r.r2 = queue.size() + queue.core.takers.size() * 10;
    }
}
