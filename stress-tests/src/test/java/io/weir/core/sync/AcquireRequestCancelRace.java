package io.weir.core.sync;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/**
 * An acquire is requested, and so takes its place in the line, while another thread cancels it. The permit is held.
 *
 * <p>Allowed: it does not wait. Forbidden: it waits on, cancelled: the cancel saw neither a new nor an asking acquire,
 * and the permit will go to nobody.
 */
@JCStressTest
@State
@Outcome(id = "0, 0", expect = ACCEPTABLE, desc = "it is gone")
@Outcome(expect = FORBIDDEN, desc = "a cancelled acquire waits for a permit")
public class AcquireRequestCancelRace {
    private final AsyncSemaphore semaphore = AsyncSemaphore.of(1);
    private final Probe<Permit> acquire = new Probe<>(0);

    public AcquireRequestCancelRace() {
        semaphore.tryAcquire();
        semaphore.acquire().subscribe(acquire);
    }

    @Actor
    public void request() {
        acquire.request(1);
    }

    @Actor
    public void cancel() {
        acquire.cancel();
    }

    @Arbiter
    public void end(II_Result r) {
        r.r1 = acquire.code();
        r.r2 = semaphore.waiting();
    }
}
