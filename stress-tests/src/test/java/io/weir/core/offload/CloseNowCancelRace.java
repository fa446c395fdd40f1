package io.weir.core.offload;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;

/**
 * A call runs; one thread cancels it, another closes its pool at once.
 *
 * <p>Allowed: it never ran, ended, or ended as cancelled. Forbidden: it ends twice, its thread keeps the flag, or a place is lost.
 */
@JCStressTest
@State
@Outcome(
        id = {"0, 0, 0", "1, 0, 0", "2, 0, 0"},
        expect = ACCEPTABLE,
        desc = "one end")
@Outcome(expect = FORBIDDEN, desc = "two ends, or the flag is kept, or a place is lost")
public class CloseNowCancelRace {
    private final Pool pool = Probe.withoutThreads(1, 1);
    private final Probe job = Probe.queued(pool);

    @Actor
    public void work(III_Result r) {
        job.run(pool.slots[0]);
        r.r2 = Thread.interrupted() ? 1 : 0;
    }

    @Actor
    public void cancel() {
        job.cancelJob();
    }

    @Actor
    public void close() {
        pool.closeNow();
    }

    @Arbiter
    public void end(III_Result r) {
        r.r1 = job.code();
        r.r3 = pool.admitted();
    }
}
