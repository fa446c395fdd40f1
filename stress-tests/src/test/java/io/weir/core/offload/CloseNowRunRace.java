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
 * A call comes to a worker while its pool is closed at once.
 *
 * <p>Allowed: it ended, and its thread is not left with the interrupt. Forbidden: it ends twice or never, the flag is kept, or a place
 * is lost.
 */
@JCStressTest
@State
@Outcome(id = "1, 0, 0", expect = ACCEPTABLE, desc = "ended")
@Outcome(expect = FORBIDDEN, desc = "two ends, or the flag is kept, or a place is lost")
public class CloseNowRunRace {
    private final Pool pool = Probe.withoutThreads(1, 1);
    private final Probe job = Probe.queued(pool);

    @Actor
    public void work(III_Result r) {
        job.run(pool.slots[0]);
        r.r2 = Thread.interrupted() ? 1 : 0;
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
