package io.weir.core.offload;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.IIII_Result;

/**
 * A worker runs a call and then the next, while the first is cancelled.
 *
 * <p>Allowed: the first never ran, ended, or ended as cancelled. Forbidden: the next one sees the interrupt, or the thread keeps it, or
 * a place is lost.
 */
@JCStressTest
@State
@Outcome(id = "0, 0, 0, 0", expect = ACCEPTABLE, desc = "cancelled before it ran")
@Outcome(id = "1, 0, 0, 0", expect = ACCEPTABLE, desc = "ended")
@Outcome(id = "2, 0, 0, 0", expect = ACCEPTABLE, desc = "cancelled while it ran")
@Outcome(expect = FORBIDDEN, desc = "the interrupt hit another, or a place is lost")
public class CancelCompleteRace {
    private final Pool pool = Probe.withoutThreads(1, 2);
    private final Probe job = Probe.queued(pool);
    private final Probe next = Probe.queued(pool);

    @Actor
    public void work(IIII_Result r) {
        job.run(pool.slots[0]);
        next.run(pool.slots[0]);
        r.r2 = next.sawFlag() ? 1 : 0;
        r.r3 = Thread.interrupted() ? 1 : 0;
    }

    @Actor
    public void cancel() {
        job.cancelJob();
    }

    @Arbiter
    public void end(IIII_Result r) {
        r.r1 = job.code();
        r.r4 = pool.admitted();
    }
}
