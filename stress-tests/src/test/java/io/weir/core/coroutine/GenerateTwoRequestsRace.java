package io.weir.core.coroutine;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;
import reactor.core.Scannable;

/**
 * Two threads give a generator its first demand.
 *
 * <p>Allowed: it is started once, and has the demand of both. Forbidden: it is started twice or never, or demand is lost.
 */
@JCStressTest
@State
@Outcome(id = "1, 5", expect = ACCEPTABLE, desc = "started once")
@Outcome(expect = FORBIDDEN, desc = "started twice, or demand is lost")
public class GenerateTwoRequestsRace {
    private final Generated body = new Generated(new Witness(), out -> {});

    @Actor
    public void two() {
        body.request(2);
    }

    @Actor
    public void three() {
        body.request(3);
    }

    @Arbiter
    public void end(II_Result r) {
        r.r1 = body.launches.get();
        Long demand = body.scan(Scannable.Attr.REQUESTED_FROM_DOWNSTREAM);
        r.r2 = demand == null ? -1 : demand.intValue();
    }
}
