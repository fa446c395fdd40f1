package io.weir.core.sync;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import java.util.Objects;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;

/**
 * An acquire waits; one thread releases, another cancels it.
 *
 * <p>Allowed: it has the permit and none is free; or it has none and one is free. Forbidden: it has none and none is
 * free: the permit is lost for ever.
 */
@JCStressTest
@State
@Outcome(id = "1, 0, 0", expect = ACCEPTABLE, desc = "granted")
@Outcome(id = "0, 1, 0", expect = ACCEPTABLE, desc = "cancelled, the permit is free")
@Outcome(expect = FORBIDDEN, desc = "a permit is lost or was made up")
public class AcquireCancelRace {
    private final AsyncSemaphore semaphore = AsyncSemaphore.of(1);
    private final Permit held = Objects.requireNonNull(semaphore.tryAcquire());
    private final Probe<Permit> acquire = new Probe<>();

    public AcquireCancelRace() {
        semaphore.acquire().subscribe(acquire);
    }

    @Actor
    public void release() {
        held.release();
    }

    @Actor
    public void cancel() {
        acquire.cancel();
    }

    @Arbiter
    public void end(III_Result r) {
        r.r1 = acquire.code();
        r.r2 = semaphore.available();
        r.r3 = semaphore.waiting();
    }
}
