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
 * One waits at a barrier for two; the second arrives while another thread resets the barrier.
 *
 * <p>Allowed: both pass, and the reset came after; or the first fails and the second is the first of a new round. Forbidden:
 * one passes alone, or the second fails, for it came either before the reset, and completed the round, or after.
 */
@JCStressTest
@State
@Outcome(id = "1, 1, 0", expect = ACCEPTABLE, desc = "both passed before")
@Outcome(id = "2, 0, 1", expect = ACCEPTABLE, desc = "a new round")
@Outcome(expect = FORBIDDEN, desc = "the round was torn")
public class BarrierResetArriveRace {
    private final AsyncBarrier barrier = AsyncBarrier.of(2);
    private final Probe<Integer> first = new Probe<>();
    private final Probe<Integer> second = new Probe<>();

    public BarrierResetArriveRace() {
        barrier.await().subscribe(first);
    }

    @Actor
    public void arrive() {
        barrier.await().subscribe(second);
    }

    @Actor
    public void reset() {
        barrier.reset();
    }

    @Arbiter
    public void end(III_Result r) {
        r.r1 = first.code();
        r.r2 = second.code();
        r.r3 = barrier.waiting() + (barrier.isBroken() ? 10 : 0);
    }
}
