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
 * A Mono gives its value while its deadline expires.
 *
 * <p>Allowed: the value is told, and nothing after it; or the error is told, and the value discarded.
 */
@JCStressTest
@State
@Outcome(id = "1, 0", expect = ACCEPTABLE, desc = "the value is told")
@Outcome(id = "2, 1", expect = ACCEPTABLE, desc = "the error is told, the value discarded")
@Outcome(expect = FORBIDDEN, desc = "both, neither, or the value is lost")
public class DeadlineExpiryCompleteRace {
    static {
        CapturedTimer.install();
    }

    private final HandFed source = new HandFed();
    private final Witness<Integer> told = new Witness<>();
    private final Runnable expiry;

    public DeadlineExpiryCompleteRace() {
        Deadline.within(Duration.ofHours(1), source).subscribe(told);
        expiry = CapturedTimer.last();
    }

    @Actor
    public void expire() {
        expiry.run();
    }

    @Actor
    public void complete() {
        source.succeed();
    }

    @Arbiter
    public void end(II_Result r) {
        r.r1 = told.code();
        r.r2 = told.discarded.get();
    }
}
