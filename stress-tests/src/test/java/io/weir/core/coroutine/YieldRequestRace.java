package io.weir.core.coroutine;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;

/**
 * A generator is out of demand while its subscriber requests one more, again and again.
 *
 * <p>Allowed: all elements and the completion are told. Forbidden: the body sleeps on, or the demand is lost.
 */
@JCStressTest
@State
@Outcome(id = "20, 1, 0", expect = ACCEPTABLE, desc = "told")
@Outcome(expect = FORBIDDEN, desc = "a wake-up or demand is lost")
public class YieldRequestRace {
    private static final int MANY = 20;

    private final Witness witness = new Witness();
    private final Watch watch = new Watch();
    private final Generated body = new Generated(witness, out -> {
        for (int i = 0; i < MANY; i++) {
            out.yield(i);
        }
    });

    public YieldRequestRace() {
        body.request(1);
    }

    @Actor
    public void run() {
        watch.over(body);
    }

    @Actor
    public void request(III_Result r) {
        for (int i = 1; i < MANY; i++) {
            int yielded = i;
            r.r3 |= watch.slept(() -> witness.values.get() == yielded);
            body.request(1);
        }
        r.r3 |= watch.slept();
    }

    @Arbiter
    public void end(III_Result r) {
        r.r1 = witness.values.get();
        r.r2 = witness.completions.get();
    }
}
