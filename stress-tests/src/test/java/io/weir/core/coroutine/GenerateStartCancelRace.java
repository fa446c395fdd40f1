package io.weir.core.coroutine;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import java.util.concurrent.atomic.AtomicInteger;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/**
 * A generator is given its first demand while it is cancelled.
 *
 * <p>Allowed: it is not started; or it is, and its thread finds it cancelled. Forbidden: the body runs.
 */
@JCStressTest
@State
@Outcome(id = "[01], 0", expect = ACCEPTABLE, desc = "cancelled")
@Outcome(expect = FORBIDDEN, desc = "the body runs")
public class GenerateStartCancelRace {
    private final Witness witness = new Witness();
    private final AtomicInteger ran = new AtomicInteger();
    private final Generated body = new Generated(witness, out -> ran.incrementAndGet());

    @Actor
    public void request() {
        body.request(1);
    }

    @Actor
    public void cancel() {
        body.cancel();
    }

    @Arbiter
    public void end(II_Result r) {
        r.r1 = body.launches.get();
        if (r.r1 == 1) {
            body.run();
        }
        r.r2 = ran.get() + witness.told();
    }
}
