package io.weir.core.sync;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/**
 * A take waits; one thread puts, another cancels.
 *
 * <p>Allowed: the element was emitted, or it stays in the queue for the next. Forbidden: neither (the classic loss:
 * assigned to one who had gone), both, or the cancelled take still in the line, where it would swallow what comes next.
 */
@JCStressTest
@State
@Outcome(id = "1, 0", expect = ACCEPTABLE, desc = "delivered")
@Outcome(id = "0, 1", expect = ACCEPTABLE, desc = "kept for the next")
@Outcome(expect = FORBIDDEN, desc = "the element is lost or came twice")
public class TakeCancelRace {
    private final AsyncQueue<Integer> queue = AsyncQueue.bounded(1);
    private final Probe<Integer> take = new Probe<>();

    public TakeCancelRace() {
        queue.take().subscribe(take);
    }

    @Actor
    public void put() {
        queue.tryPut(7);
    }

    @Actor
    public void cancel() {
        take.cancel();
    }

    @Arbiter
    public void end(II_Result r) {
        r.r1 = take.code();
        r.r2 = queue.size() + queue.core.takers.size() * 10;
    }
}
