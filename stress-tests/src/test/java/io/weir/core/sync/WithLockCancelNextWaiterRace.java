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
 * Two sections wait for a lock; its holder releases it while another thread cancels the first of them. The body is a Mono.
 *
 * <p>Allowed: the second is inside in the end, whether the first was inside before or not. Forbidden: the second waits at
 * a lock that nobody holds, or both are inside, or the lock was given back twice and is free.
 */
@JCStressTest
@State
@Outcome(id = "1, 0, 0", expect = ACCEPTABLE, desc = "the second is inside")
@Outcome(expect = FORBIDDEN, desc = "the lock was lost, or given twice")
public class WithLockCancelNextWaiterRace {
    private final AsyncLock lock = AsyncLock.create();
    private final Permit held = Objects.requireNonNull(lock.tryLock());
    private final AtomicInteger inside = new AtomicInteger();
    private final Probe<Integer> first = new Probe<>();
    private final Probe<Integer> second = new Probe<>();

    public WithLockCancelNextWaiterRace() {
        lock.withLock(Mono.<Integer>never()).subscribe(first);
        lock.withLock(Mono.<Integer>never().doOnSubscribe(s -> inside.incrementAndGet()))
                .subscribe(second);
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
    public void end(III_Result r) {
        r.r1 = inside.get() + 10 * first.code() + 100 * second.code();
        r.r2 = lock.waiting();
        r.r3 = lock.isLocked() ? 0 : 1;
    }
}
