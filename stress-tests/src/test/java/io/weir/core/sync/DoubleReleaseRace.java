package io.weir.core.sync;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import java.util.Objects;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

/**
 * Two threads release the same permit.
 *
 * <p>Allowed: one permit is free. Forbidden: two, and from then on one more than allowed is inside.
 */
@JCStressTest
@State
@Outcome(id = "1", expect = ACCEPTABLE, desc = "given back once")
@Outcome(expect = FORBIDDEN, desc = "a permit was made up")
public class DoubleReleaseRace {
    private final AsyncSemaphore semaphore = AsyncSemaphore.of(1);
    private final Permit held = Objects.requireNonNull(semaphore.tryAcquire());

    @Actor
    public void one() {
        held.release();
    }

    @Actor
    public void other() {
        held.release();
    }

    @Arbiter
    public void end(I_Result r) {
        r.r1 = semaphore.available();
    }
}
