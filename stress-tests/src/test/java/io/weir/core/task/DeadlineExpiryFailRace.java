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
 * A Mono fails while its deadline expires.
 *
 * <p>Allowed: its error is told; or the deadline's is, and its own dropped by the hook.
 */
@JCStressTest
@State
@Outcome(id = "2, 0", expect = ACCEPTABLE, desc = "its own error")
@Outcome(id = "2, 1", expect = ACCEPTABLE, desc = "the deadline, its own error is dropped")
@Outcome(expect = FORBIDDEN, desc = "two errors are told, or none")
public class DeadlineExpiryFailRace {
    static {
        CapturedTimer.install();
    }

    private final HandFed source = new HandFed();
    private final Witness<Integer> told = new Witness<>();
    private final Runnable expiry;

    public DeadlineExpiryFailRace() {
        Deadline.within(Duration.ofHours(1), source).subscribe(told);
        expiry = CapturedTimer.last();
    }

    @Actor
    public void expire() {
        expiry.run();
    }

    @Actor
    public void fail() {
        source.fail(new IllegalStateException("race"));
    }

    @Arbiter
    public void end(II_Result r) {
        r.r1 = told.code();
        r.r2 = told.dropped.get();
    }
}
