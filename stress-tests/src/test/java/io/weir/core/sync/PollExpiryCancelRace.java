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
 * A poll waits; its time runs out while another thread cancels it.
 *
 * <p>Allowed: it ended empty, or said nothing. Forbidden: it stays in the line, or the end comes twice.
 */
@JCStressTest
@State
@Outcome(id = "3, 0", expect = ACCEPTABLE, desc = "expired")
@Outcome(id = "0, 0", expect = ACCEPTABLE, desc = "cancelled")
@Outcome(expect = FORBIDDEN, desc = "an ended poll is still in the line")
public class PollExpiryCancelRace {
    private final AsyncQueue<Integer> queue = AsyncQueue.bounded(1);
    private final Probe<Integer> poll = new Probe<>();
    private final Runnable expiry;

    static {
        CapturedTimer.install();
    }

    public PollExpiryCancelRace() {
        queue.poll(Duration.ofHours(1)).subscribe(poll);
        expiry = CapturedTimer.last();
    }

    @Actor
    public void cancel() {
        poll.cancel();
    }

    @Actor
    public void expire() {
        expiry.run();
    }

    @Arbiter
    public void end(II_Result r) {
        r.r1 = poll.code();
        r.r2 = queue.core.takers.size();
    }
}
