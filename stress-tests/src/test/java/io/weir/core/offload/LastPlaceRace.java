package io.weir.core.offload;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;

/**
 * Two calls want the last place.
 *
 * <p>Allowed: one gets it. Forbidden: both, or neither.
 */
@JCStressTest
@State
@Outcome(
        id = {"1, 0, 2", "0, 1, 2"},
        expect = ACCEPTABLE,
        desc = "one got it")
@Outcome(expect = FORBIDDEN, desc = "two in one place, or a place that nobody gets")
public class LastPlaceRace {
    private final Pool pool = Probe.withoutThreads(1, 1);

    public LastPlaceRace() {
        pool.enter();
    }

    private int enter() {
        try {
            pool.enter();
            return 1;
        } catch (OffloadRejectedException full) {
            return 0;
        }
    }

    @Actor
    public void first(III_Result r) {
        r.r1 = enter();
    }

    @Actor
    public void second(III_Result r) {
        r.r2 = enter();
    }

    @Arbiter
    public void end(III_Result r) {
        r.r3 = pool.admitted();
    }
}
