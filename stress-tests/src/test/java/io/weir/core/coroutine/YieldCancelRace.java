package io.weir.core.coroutine;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import java.util.concurrent.atomic.AtomicInteger;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.IIII_Result;

/**
 * A generator is out of demand while its subscriber cancels.
 *
 * <p>Allowed: the body ends after its first element, and nobody is told. Forbidden: the body sleeps on, emits without demand, completes, or its
 * thread keeps the interrupt.
 */
@JCStressTest
@State
@Outcome(id = "1, 0, 1, 0", expect = ACCEPTABLE, desc = "ended")
@Outcome(expect = FORBIDDEN, desc = "the body does not end, or more is told")
public class YieldCancelRace {
    private final Witness witness = new Witness();
    private final Watch watch = new Watch();
    private final AtomicInteger ended = new AtomicInteger();
    private final Generated body = new Generated(witness, out -> {
        try {
            out.yield(1);
            out.yield(2);
        } finally {
            ended.incrementAndGet();
        }
    });

    public YieldCancelRace() {
        body.request(1);
    }

    @Actor
    public void run(IIII_Result r) {
        watch.over(body);
        r.r4 = Thread.interrupted() ? 1 : 0;
    }

    @Actor
    public void cancel(IIII_Result r) {
        while (witness.values.get() == 0) {
            Thread.onSpinWait();
        }
        body.cancel();
        r.r2 = watch.slept();
    }

    @Arbiter
    public void end(IIII_Result r) {
        r.r1 = witness.told();
        r.r3 = ended.get();
    }
}
