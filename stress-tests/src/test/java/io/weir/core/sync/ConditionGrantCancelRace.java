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
 * Two wait for a condition; the first has been signalled and waits for the lock. The lock is released while another thread cancels
 * the first.
 *
 * <p>Allowed: the first goes on with the lock, and the second waits for a signal; or the first is gone, its signal has gone to
 * the second, and that goes on. Forbidden: the signal or the lock is lost, or both go on.
 */
@JCStressTest
@State
@Outcome(id = "3, 0, 1", expect = ACCEPTABLE, desc = "the first")
@Outcome(id = "0, 3, 0", expect = ACCEPTABLE, desc = "the second")
@Outcome(expect = FORBIDDEN, desc = "the signal or the lock was lost, or doubled")
public class ConditionGrantCancelRace {
    private final AsyncLock lock = AsyncLock.create();
    private final AsyncCondition condition = AsyncCondition.on(lock);
    private final Probe<Void> first = new Probe<>();
    private final Probe<Void> second = new Probe<>();
    private final Permit held;

    public ConditionGrantCancelRace() {
        condition.await(Objects.requireNonNull(lock.tryLock())).subscribe(first);
        condition.await(Objects.requireNonNull(lock.tryLock())).subscribe(second);
        held = Objects.requireNonNull(lock.tryLock());
        condition.signal();
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
        r.r1 = first.code();
        r.r2 = second.code();
        r.r3 = condition.waiting() + 10 * lock.waiting() + (lock.isLocked() ? 0 : 100);
    }
}
