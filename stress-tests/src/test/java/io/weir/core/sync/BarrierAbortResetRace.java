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
 * One waits at a barrier, which one thread aborts and another resets.
 *
 * <p>Allowed: it fails once; the barrier is broken or not, by who came last, and who comes then fails or waits. Forbidden: it
 * is told twice or never; one waits at a broken barrier, or fails at a whole one.
 */
@JCStressTest
@State
@Outcome(id = "2, 2, 1", expect = ACCEPTABLE, desc = "aborted last")
@Outcome(id = "2, 0, 0", expect = ACCEPTABLE, desc = "reset last")
@Outcome(expect = FORBIDDEN, desc = "told twice or never, or the state is torn")
public class BarrierAbortResetRace {
    private final AsyncBarrier barrier = AsyncBarrier.of(2);
    private final Probe<Integer> first = new Probe<>();
    private final Probe<Integer> second = new Probe<>();

    public BarrierAbortResetRace() {
        barrier.await().subscribe(first);
    }

    @Actor
    public void abort() {
        barrier.abort();
    }

    @Actor
    public void reset() {
        barrier.reset();
    }

    @Arbiter
    public void end(III_Result r) {
        barrier.await().subscribe(second);
        r.r1 = first.code();
        r.r2 = second.code();
        r.r3 = barrier.isBroken() ? 1 : 0;
    }
}
