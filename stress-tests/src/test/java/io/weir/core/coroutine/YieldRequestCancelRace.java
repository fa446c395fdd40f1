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
 * A generator runs, with demand for two, while its subscriber requests one more and cancels.
 *
 * <p>Allowed: up to three elements, and the completion if it came first; the body has ended, or never ran. Forbidden: a completion beside a cancel
 * that was seen, a fourth element, or a thread that keeps the interrupt.
 */
@JCStressTest
@State
@Outcome(id = "[0-3], 0, 0, 0", expect = ACCEPTABLE, desc = "cancelled")
@Outcome(id = "13, 0, 0, 0", expect = ACCEPTABLE, desc = "completed")
@Outcome(expect = FORBIDDEN, desc = "too much is told, or the body does not end")
public class YieldRequestCancelRace {
    private final Witness witness = new Witness();
    private final Watch watch = new Watch();
    private final AtomicInteger inside = new AtomicInteger();
    private final Generated body = new Generated(witness, out -> {
        inside.incrementAndGet();
        try {
            for (int i = 0; i < 3; i++) {
                out.yield(i);
            }
        } finally {
            inside.decrementAndGet();
        }
    });

    public YieldRequestCancelRace() {
        body.request(2);
    }

    @Actor
    public void run(IIII_Result r) {
        watch.over(body);
        r.r4 = Thread.interrupted() ? 1 : 0;
    }

    @Actor
    public void requestAndCancel(IIII_Result r) {
        body.request(1);
        body.cancel();
        r.r2 = watch.slept();
    }

    @Arbiter
    public void end(IIII_Result r) {
        r.r1 = witness.told();
        r.r3 = inside.get();
    }
}
