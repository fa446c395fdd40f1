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
 * One waits for a condition and has the lock coming; the permit it waits with is released meanwhile.
 *
 * <p>Allowed: it goes on, and the release that came after freed the lock; or it fails, for the permit had been released. The lock is free.
 * Forbidden: the lock is held by nobody, or it is told nothing.
 */
@JCStressTest
@State
@Outcome(id = "3, 1, 0", expect = ACCEPTABLE, desc = "woken, then released")
@Outcome(id = "2, 1, 0", expect = ACCEPTABLE, desc = "released first")
@Outcome(expect = FORBIDDEN, desc = "the lock was lost")
public class ConditionPermitReleaseRace {
    private final AsyncLock lock = AsyncLock.create();
    private final AsyncCondition condition = AsyncCondition.on(lock);
    private final Permit permit = Objects.requireNonNull(lock.tryLock());
    private final Probe<Void> await = new Probe<>();

    public ConditionPermitReleaseRace() {
        condition.await(permit).subscribe(await);
    }

    @Actor
    public void signal() {
        condition.signal();
    }

    @Actor
    public void release() {
        permit.release();
    }

    @Arbiter
    public void end(III_Result r) {
        r.r1 = await.code();
        r.r2 = lock.isLocked() ? 0 : 1;
        r.r3 = condition.waiting() + lock.waiting();
    }
}
