package io.weir.core.coroutine;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/**
 * A generator is out of demand while its subscriber requests one more.
 *
 * <p>Allowed: both elements and the completion are told. Forbidden: the body sleeps on, or the demand is lost.
 */
@JCStressTest
@State
@Outcome(id = "12, 0", expect = ACCEPTABLE, desc = "told")
@Outcome(expect = FORBIDDEN, desc = "a wake-up or demand is lost")
public class YieldRequestRace {
    private final Witness witness = new Witness();
    private final Watch watch = new Watch();
    private final Generated body = new Generated(witness, out -> {
        out.yield(1);
        out.yield(2);
    });

    public YieldRequestRace() {
        body.request(1);
    }

    @Actor
    public void run() {
        watch.over(body);
    }

    @Actor
    public void request(II_Result r) {
        while (witness.values.get() == 0) {
            Thread.onSpinWait();
        }
        body.request(1);
        r.r2 = watch.slept();
    }

    @Arbiter
    public void end(II_Result r) {
        r.r1 = witness.told();
    }
}
