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
 * The holder of a lock starts to wait for a condition while another thread, which does not hold it, signals.
 *
 * <p>Allowed: it waits and the lock is free, for the signal came before; or it was woken and holds the lock again. Forbidden: it
 * waits and the lock is held, or it goes on without it.
 */
@JCStressTest
@State
@Outcome(id = "0, 1, 0", expect = ACCEPTABLE, desc = "the signal came too early")
@Outcome(id = "3, 0, 1", expect = ACCEPTABLE, desc = "woken, with the lock")
@Outcome(expect = FORBIDDEN, desc = "it waits with the lock, or goes on without it")
public class ConditionAwaitSignalRace {
    private final AsyncLock lock = AsyncLock.create();
    private final AsyncCondition condition = AsyncCondition.on(lock);
    private final Permit permit = Objects.requireNonNull(lock.tryLock());
    private final Probe<Void> await = new Probe<>();

    @Actor
    public void await() {
        condition.await(permit).subscribe(await);
    }

    @Actor
    public void signal() {
        condition.signal();
    }

    @Arbiter
    public void end(III_Result r) {
        r.r1 = await.code();
        r.r2 = condition.waiting();
        r.r3 = (permit.isHeld() ? 1 : 0) + (permit.isHeld() == lock.isLocked() ? 0 : 10);
    }
}
