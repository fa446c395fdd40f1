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
import org.openjdk.jcstress.infra.results.III_Result;

/**
 * A Flux gives an element and completes while its deadline expires.
 *
 * <p>Allowed: the element is told, and then completion or the error; or it is discarded, and the error told. Forbidden: signals side by
 * side, or a lost element.
 */
@JCStressTest
@State
@Outcome(id = "1, 0, 0", expect = ACCEPTABLE, desc = "in time")
@Outcome(id = "1, 1, 0", expect = ACCEPTABLE, desc = "the element, then the error")
@Outcome(id = "0, 1, 1", expect = ACCEPTABLE, desc = "the error")
@Outcome(expect = FORBIDDEN, desc = "side by side, or lost")
public class DeadlineExpiryNextRace {
    static {
        CapturedTimer.install();
    }

    private final HandFed source = new HandFed();
    private final Witness<Integer> told = new Witness<>();
    private final Runnable expiry;

    public DeadlineExpiryNextRace() {
        Deadline.within(Duration.ofHours(1), source.flux()).subscribe(told);
        expiry = CapturedTimer.last();
    }

    @Actor
    public void expire() {
        expiry.run();
    }

    @Actor
    public void next() {
        source.succeed();
    }

    @Arbiter
    public void end(III_Result r) {
        r.r1 = told.isBroken() ? Witness.BROKEN : told.values.get();
        r.r2 = told.errors();
        r.r3 = told.discarded.get();
    }
}
