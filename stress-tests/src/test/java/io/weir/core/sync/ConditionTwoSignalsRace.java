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
 * Two wait for a condition that two threads signal, each for one.
 *
 * <p>Allowed: both are woken; the first has the lock and the second waits for that. Forbidden: one still waits for a signal.
 */
@JCStressTest
@State
@Outcome(id = "3, 0, 1", expect = ACCEPTABLE, desc = "both were woken, in the order they came")
@Outcome(expect = FORBIDDEN, desc = "a signal was lost")
public class ConditionTwoSignalsRace {
    private final AsyncLock lock = AsyncLock.create();
    private final AsyncCondition condition = AsyncCondition.on(lock);
    private final Probe<Void> first = new Probe<>();
    private final Probe<Void> second = new Probe<>();

    public ConditionTwoSignalsRace() {
        condition.await(Objects.requireNonNull(lock.tryLock())).subscribe(first);
        condition.await(Objects.requireNonNull(lock.tryLock())).subscribe(second);
    }

    @Actor
    public void signal() {
        condition.signal();
    }

    @Actor
    public void signalToo() {
        condition.signal();
    }

    @Arbiter
    public void end(III_Result r) {
        r.r1 = first.code();
        r.r2 = second.code();
        r.r3 = lock.waiting() + 10 * condition.waiting();
    }
}
