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
import org.openjdk.jcstress.infra.results.II_Result;
import reactor.core.publisher.Mono;

/**
 * Two sections wait for one permit; it is released, and while the first one's body is being subscribed, which runs its
 * code, the first is cancelled.
 *
 * <p>Allowed: the two bodies' code never runs at once, and the second one gets the permit. Forbidden: an overlap: the
 * cancel gave the permit back while the first body's code was still running.
 */
@JCStressTest
@State
@Outcome(id = "0, 1", expect = ACCEPTABLE, desc = "one after the other")
@Outcome(expect = FORBIDDEN, desc = "two were inside at once, or the permit was lost")
public class WithPermitEnterCancelRace {
    private final AsyncSemaphore semaphore = AsyncSemaphore.of(1);
    private final Permit held = Objects.requireNonNull(semaphore.tryAcquire());
    private final AtomicInteger inside = new AtomicInteger();
    private final AtomicInteger overlaps = new AtomicInteger();
    private final Probe<Integer> first = new Probe<>();
    private final Probe<Integer> second = new Probe<>();

    public WithPermitEnterCancelRace() {
        semaphore.withPermit(body()).subscribe(first);
        semaphore.withPermit(body()).subscribe(second);
    }

    private Mono<Integer> body() {
        return Mono.defer(() -> {
            if (inside.incrementAndGet() != 1) {
                overlaps.incrementAndGet();
            }
            for (int i = 0; i < 50; i++) {
                Thread.onSpinWait();
            }
            inside.decrementAndGet();
            return Mono.just(1);
        });
    }

    @Actor
    public void release() {
        held.release();
    }

    @Actor
    public void cancel() {
        first.cancel();
    }

    @Arbiter
    public void end(II_Result r) {
        r.r1 = overlaps.get();
        r.r2 = second.code() + (semaphore.available() == 1 ? 0 : 10);
    }
}
