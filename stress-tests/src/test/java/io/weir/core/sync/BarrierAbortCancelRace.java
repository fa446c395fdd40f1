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
 * One waits at a barrier; it is aborted while another thread cancels that wait.
 *
 * <p>Allowed: it is told of the break, or nothing. Forbidden: it is told twice, or stands in the line in the end.
 */
@JCStressTest
@State
@Outcome(id = "2, 0, 1", expect = ACCEPTABLE, desc = "told")
@Outcome(id = "0, 0, 1", expect = ACCEPTABLE, desc = "gone")
@Outcome(expect = FORBIDDEN, desc = "told twice, or still in the line")
public class BarrierAbortCancelRace {
    private final AsyncBarrier barrier = AsyncBarrier.of(2);
    private final Probe<Integer> first = new Probe<>();

    public BarrierAbortCancelRace() {
        barrier.await().subscribe(first);
    }

    @Actor
    public void abort() {
        barrier.abort();
    }

    @Actor
    public void cancel() {
        first.cancel();
    }

    @Arbiter
    public void end(III_Result r) {
        r.r1 = first.code();
        r.r2 = barrier.waiting();
        r.r3 = barrier.isBroken() ? 1 : 0;
    }
}
