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
 * A heavy acquire, which needs both permits, stands before a light one; one permit comes back while the heavy one is
 * cancelled.
 *
 * <p>Allowed: the light one has a permit. Forbidden: it waits beside a free permit, because the one before it left
 * without letting it pass.
 */
@JCStressTest
@State
@Outcome(id = "0, 1, 0", expect = ACCEPTABLE, desc = "the light one passed")
@Outcome(expect = FORBIDDEN, desc = "the light one was forgotten")
public class HeavyAcquireCancelRace {
    private final AsyncSemaphore semaphore = AsyncSemaphore.of(2);
    private final Permit held = Objects.requireNonNull(semaphore.tryAcquire());
    private final Probe<Permit> heavy = new Probe<>();
    private final Probe<Permit> light = new Probe<>();

    public HeavyAcquireCancelRace() {
        semaphore.tryAcquire();
        semaphore.acquire(2).subscribe(heavy);
        semaphore.acquire(1).subscribe(light);
    }

    @Actor
    public void release() {
        held.release();
    }

    @Actor
    public void cancel() {
        heavy.cancel();
    }

    @Arbiter
    public void end(III_Result r) {
        r.r1 = heavy.code();
        r.r2 = light.code();
        r.r3 = semaphore.waiting() + semaphore.available() * 10;
    }
}
