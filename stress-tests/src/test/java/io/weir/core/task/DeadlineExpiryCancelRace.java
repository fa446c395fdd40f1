package io.weir.core.task;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.weir.core.CapturedTimer;
import java.time.Duration;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/**
 * The subscriber of a bounded Mono cancels while its deadline expires.
 *
 * <p>Allowed: the error is told or not. The source is cancelled, once.
 */
@JCStressTest
@State
@Outcome(id = "0, 1", expect = ACCEPTABLE, desc = "cancelled first")
@Outcome(id = "2, 1", expect = ACCEPTABLE, desc = "expired first")
@Outcome(expect = FORBIDDEN, desc = "the source goes on, or is cancelled twice")
public class DeadlineExpiryCancelRace {
    static {
        CapturedTimer.install();
    }

    private final HandFed source = new HandFed();
    private final Witness<Integer> told = new Witness<>();
    private final Runnable expiry;

    public DeadlineExpiryCancelRace() {
        Deadline.within(Duration.ofHours(1), source).subscribe(told);
        expiry = CapturedTimer.last();
    }

    @Actor
    public void expire() {
        expiry.run();
    }

    @Actor
    public void cancel() {
        told.cancel();
    }

    @Arbiter
    public void end(II_Result r) {
        r.r1 = told.code();
        r.r2 = source.cancelled.get();
    }
}
