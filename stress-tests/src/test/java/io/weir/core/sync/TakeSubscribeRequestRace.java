package io.weir.core.sync;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;

/**
 * A take is requested by another thread than the one that subscribes, as soon as it has the subscription.
 *
 * <p>Allowed: requested, it takes the element; not requested, it takes none. Forbidden: the request is lost, because who
 * subscribed put it in the line of those who did not ask.
 */
@JCStressTest
@State
@Outcome(id = "1, 1, 0", expect = ACCEPTABLE, desc = "requested, and taken")
@Outcome(id = "0, 0, 1", expect = ACCEPTABLE, desc = "not requested")
@Outcome(expect = FORBIDDEN, desc = "the request was lost")
public class TakeSubscribeRequestRace {
    private final AsyncQueue<Integer> queue = AsyncQueue.bounded(1);
    private final Probe<Integer> take = new Probe<>(0);

    public TakeSubscribeRequestRace() {
        queue.tryPut(1);
    }

    @Actor
    public void subscribe() {
        queue.take().subscribe(take);
    }

    @Actor
    public void request(III_Result r) {
        for (int i = 0; i < 50 && r.r1 == 0; i++) {
            if (take.subscription() != null) {
                take.request(1);
                r.r1 = 1;
            }
        }
    }

    @Arbiter
    public void end(III_Result r) {
        r.r2 = take.code();
        r.r3 = queue.size();
    }
}
