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
 * Two wait for a condition; it is signalled for one while the first is cancelled.
 *
 * <p>Allowed: one of them goes on with the lock, or the first was served, cancelled, and the signal passed on.
 * Forbidden: the signal is lost: the first is gone and the second waits on; or both go on.
 */
@JCStressTest
@State
@Outcome(id = "3, 0, 1", expect = ACCEPTABLE, desc = "the first")
@Outcome(id = "0, 3, 0", expect = ACCEPTABLE, desc = "the second")
@Outcome(expect = FORBIDDEN, desc = "the signal was lost or doubled")
public class ConditionSignalCancelRace {
    private final AsyncLock lock = AsyncLock.create();
    private final AsyncCondition condition = AsyncCondition.on(lock);
    private final Probe<Void> first = new Probe<>();
    private final Probe<Void> second = new Probe<>();

    public ConditionSignalCancelRace() {
        condition.await(Objects.requireNonNull(lock.tryLock())).subscribe(first);
        condition.await(Objects.requireNonNull(lock.tryLock())).subscribe(second);
    }

    @Actor
    public void signal() {
        condition.signal();
    }

    @Actor
    public void cancel() {
        first.cancel();
    }

    @Arbiter
    public void end(III_Result r) {
        r.r1 = first.code();
        r.r2 = second.code();
        r.r3 = condition.waiting();
    }
}
