package io.weir.core.offload;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/**
 * A call enters the pool while it is cancelled.
 *
 * <p>Allowed: it is in, and was cancelled there or before; either way its place is free. Forbidden: a place that nobody gives back, or
 * one given back twice.
 */
@JCStressTest
@State
@Outcome(id = "1, 0", expect = ACCEPTABLE, desc = "cancelled, no place is taken")
@Outcome(expect = FORBIDDEN, desc = "a place is lost or was made up")
public class CancelStartRace {
    private final Pool pool = Probe.withoutThreads(1, 1);
    private final Probe job = new Probe(pool);

    @Actor
    public void start() {
        pool.enter();
        if (!job.enqueued()) {
            pool.leave();
        }
    }

    @Actor
    public void cancel() {
        job.cancelJob();
    }

    @Arbiter
    public void end(II_Result r) {
        r.r1 = job.isCancelled() ? 1 : 0;
        r.r2 = pool.admitted();
    }
}
