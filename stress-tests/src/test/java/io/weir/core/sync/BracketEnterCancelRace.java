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
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * A bracket and then a stream wait for one lock; it is released, and while the bracket's body is being called and subscribed,
 * which runs its code, the bracket is cancelled.
 *
 * <p>Allowed: the code of the two never runs at once, and the second one gets the lock. Forbidden: an overlap: the
 * cancel gave the lock back while the first body's code was still running; or a lock that came back twice or never.
 */
@JCStressTest
@State
@Outcome(id = "0, 1", expect = ACCEPTABLE, desc = "one after the other")
@Outcome(expect = FORBIDDEN, desc = "two were inside at once, or the lock was lost")
public class BracketEnterCancelRace {
    private final AsyncLock lock = AsyncLock.create();
    private final Permit held = Objects.requireNonNull(lock.tryLock());
    private final AtomicInteger inside = new AtomicInteger();
    private final AtomicInteger overlaps = new AtomicInteger();
    private final Probe<Integer> first = new Probe<>();
    private final Probe<Integer> second = new Probe<>();

    public BracketEnterCancelRace() {
        lock.withLock(permit -> {
                    code();
                    return Mono.fromSupplier(this::code);
                })
                .subscribe(first);
        lock.withLock(Flux.defer(() -> Flux.just(code()))).subscribe(second);
    }

    private int code() {
        if (inside.incrementAndGet() != 1) {
            overlaps.incrementAndGet();
        }
        for (int i = 0; i < 50; i++) {
            Thread.onSpinWait();
        }
        inside.decrementAndGet();
        return 1;
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
        r.r2 = second.code() + (lock.semaphore.available() == 1 ? 0 : 10);
    }
}
