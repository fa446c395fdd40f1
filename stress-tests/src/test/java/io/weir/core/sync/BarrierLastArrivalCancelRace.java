package io.weir.core.sync;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;

/**
 * One waits at a barrier for two; the second arrives while another thread cancels the first.
 *
 * <p>Allowed: the round was complete and both pass; or the first is gone and the second waits for another. Forbidden: the
 * second passes alone, or waits for one who has passed.
 */
@JCStressTest
@State
@Outcome(id = "1, 1, 0", expect = ACCEPTABLE, desc = "both pass")
@Outcome(id = "0, 0, 1", expect = ACCEPTABLE, desc = "the first has gone, the second waits")
@Outcome(expect = FORBIDDEN, desc = "the round was torn")
public class BarrierLastArrivalCancelRace {
    private final AsyncBarrier barrier = AsyncBarrier.of(2);
    private final Probe<Integer> first = new Probe<>();
    private final Probe<Integer> second = new Probe<>();

    public BarrierLastArrivalCancelRace() {
        barrier.await().subscribe(first);
    }

    @Actor
    public void arrive() {
        barrier.await().subscribe(second);
    }

    @Actor
    public void cancel() {
        first.cancel();
    }

    @Arbiter
    public void end(III_Result r) {
        r.r1 = first.code();
        r.r2 = second.code();
        r.r3 = barrier.waiting();
    }
}
