package io.weir.core.sync;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import java.util.concurrent.atomic.AtomicInteger;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/**
 * A take and a closeNow at a queue with one element.
 *
 * <p>Allowed: the take has it, or it was drained and the take refused. Forbidden: both (twice), neither (lost).
 */
@JCStressTest
@State
@Outcome(id = "1, 0", expect = ACCEPTABLE, desc = "taken")
@Outcome(id = "2, 1", expect = ACCEPTABLE, desc = "drained")
@Outcome(expect = FORBIDDEN, desc = "the element came twice or not at all")
public class CloseNowTakeRace {
    private final AtomicInteger drained = new AtomicInteger();
    private final AsyncQueue<Integer> queue =
            AsyncQueue.<Integer>bounded(1).onDiscard(element -> drained.incrementAndGet());
    private final Probe<Integer> take = new Probe<>();

    public CloseNowTakeRace() {
        queue.tryPut(7);
    }

    @Actor
    public void take() {
        queue.take().subscribe(take);
    }

    @Actor
    public void closeNow() {
        queue.closeNow(null);
    }

    @Arbiter
    public void end(II_Result r) {
        r.r1 = take.code();
        r.r2 = drained.get();
    }
}
