package io.weir.core.sync;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;
import reactor.core.publisher.Mono;

/**
 * A section waits for its permit; one thread releases it, another cancels the section, whose body never ends by itself.
 *
 * <p>Allowed: the permit is free at the end, whether the body was entered or not, and nobody was told anything.
 * Forbidden: the permit is lost, or was given back twice.
 */
@JCStressTest
@State
@Outcome(
        id = {"0, 1, 0", "0, 1, 1"},
        expect = ACCEPTABLE,
        desc = "the permit is free")
@Outcome(expect = FORBIDDEN, desc = "a permit is lost or was made up")
public class WithPermitCancelRace {
    private final AsyncSemaphore semaphore = AsyncSemaphore.of(1);
    private final Permit held = Objects.requireNonNull(semaphore.tryAcquire());
    private final AtomicInteger entered = new AtomicInteger();
    private final Probe<Integer> section = new Probe<>();

    public WithPermitCancelRace() {
        semaphore
                .withPermit(Mono.<Integer>never().doOnSubscribe(s -> entered.incrementAndGet()))
                .subscribe(section);
    }

    @Actor
    public void release() {
        held.release();
    }

    @Actor
    public void cancel() {
        section.cancel();
    }

    @Arbiter
    public void end(III_Result r) {
        r.r1 = section.code();
        r.r2 = semaphore.available();
        r.r3 = entered.get();
    }
}
