package io.weir.core.sync;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import java.util.Objects;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/**
 * The holder of a lock starts to wait for a condition while another thread cancels that wait.
 *
 * <p>Allowed: cancelled, it stands in no line, and the lock is free or still the holder's. Forbidden: cancelled and
 * still in the line, where it would swallow a signal: the cancel saw neither a new nor a waiting one.
 */
@JCStressTest
@State
@Outcome(
        id = {"1, 0", "0, 1"},
        expect = ACCEPTABLE,
        desc = "gone; or the cancel came before there was anything to cancel")
@Outcome(expect = FORBIDDEN, desc = "a cancelled wait stands in the line")
public class ConditionAwaitCancelRace {
    private final AsyncLock lock = AsyncLock.create();
    private final AsyncCondition condition = AsyncCondition.on(lock);
    private final Permit permit = Objects.requireNonNull(lock.tryLock());
    private final Probe<Void> await = new Probe<>();
    private boolean cancelled;

    @Actor
    public void await() {
        condition.await(permit).subscribe(await);
    }

    @Actor
    public void cancel() {
        cancelled = await.subscription() != null;
        await.cancel();
    }

    @Arbiter
    public void end(II_Result r) {
        if (!cancelled && condition.waiting() == 0) { // the subscription came between the look and the cancel
            r.r1 = 1;
            r.r2 = 0;
        } else {
            r.r1 = cancelled ? 1 : 0;
            r.r2 = condition.waiting();
        }
    }
}
