package io.weir.core.sync;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.weir.core.CapturedTimer;
import java.time.Duration;
import java.util.Objects;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;
import reactor.core.publisher.Mono;

/**
 * A section waits for its permit with a bound; the permit is released while the time runs out.
 *
 * <p>Allowed: the body ran and its value was emitted; or the wait timed out. In both cases the permit is free at the
 * end. Forbidden: a time-out that took the permit with it, the trap of a well-known bulkhead; or two answers.
 */
@JCStressTest
@State
@Outcome(id = "1, 1, 0", expect = ACCEPTABLE, desc = "in time")
@Outcome(id = "2, 1, 0", expect = ACCEPTABLE, desc = "timed out")
@Outcome(expect = FORBIDDEN, desc = "the time-out took the permit with it")
public class WithPermitExpiryRace {
    private final AsyncSemaphore semaphore = AsyncSemaphore.of(1);
    private final Permit held = Objects.requireNonNull(semaphore.tryAcquire());
    private final Probe<Integer> section = new Probe<>();
    private final Runnable expiry;

    static {
        CapturedTimer.install();
    }

    public WithPermitExpiryRace() {
        semaphore.withPermit(Duration.ofHours(1), Mono.just(1)).subscribe(section);
        expiry = CapturedTimer.last();
    }

    @Actor
    public void release() {
        held.release();
    }

    @Actor
    public void expire() {
        expiry.run();
    }

    @Arbiter
    public void end(III_Result r) {
        r.r1 = section.code();
        r.r2 = semaphore.available();
        r.r3 = semaphore.waiting();
    }
}
