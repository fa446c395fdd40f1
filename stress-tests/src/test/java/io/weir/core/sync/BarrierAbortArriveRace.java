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
 * One waits at a barrier for two; the second arrives while another thread aborts the barrier.
 *
 * <p>Allowed: both pass, and the barrier broke after; or both fail. Forbidden: one passes and the other fails, or one waits at
 * a broken barrier.
 */
@JCStressTest
@State
@Outcome(id = "1, 1, 0", expect = ACCEPTABLE, desc = "both passed before")
@Outcome(id = "2, 2, 0", expect = ACCEPTABLE, desc = "both failed")
@Outcome(expect = FORBIDDEN, desc = "the round was torn, or one waits at a broken barrier")
public class BarrierAbortArriveRace {
    private final AsyncBarrier barrier = AsyncBarrier.of(2);
    private final Probe<Integer> first = new Probe<>();
    private final Probe<Integer> second = new Probe<>();

    public BarrierAbortArriveRace() {
        barrier.await().subscribe(first);
    }

    @Actor
    public void arrive() {
        barrier.await().subscribe(second);
    }

    @Actor
    public void abort() {
        barrier.abort();
    }

    @Arbiter
    public void end(III_Result r) {
        r.r1 = first.code();
        r.r2 = second.code();
        r.r3 = barrier.waiting() + (barrier.isBroken() ? 0 : 10);
    }
}
