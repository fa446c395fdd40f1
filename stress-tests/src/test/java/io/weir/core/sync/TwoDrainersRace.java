package io.weir.core.sync;

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
 * Two threads close and drain a queue with two elements.
 *
 * <p>Allowed: each element is discarded once. Forbidden: twice (a resource closed twice) or not at all (leaked).
 */
@JCStressTest
@State
@Outcome(id = "2, 0", expect = ACCEPTABLE, desc = "each was drained by one of them")
@Outcome(expect = FORBIDDEN, desc = "drained twice, or not at all")
public class TwoDrainersRace {
    private final AtomicInteger drained = new AtomicInteger();
    private final AsyncQueue<Integer> queue =
            AsyncQueue.<Integer>bounded(2).onDiscard(element -> drained.incrementAndGet());

    public TwoDrainersRace() {
        queue.tryPut(1);
        queue.tryPut(2);
    }

    @Actor
    public void one() {
        queue.closeNow(null);
    }

    @Actor
    public void other() {
        queue.closeNow(null);
    }

    @Arbiter
    public void end(II_Result r) {
        r.r1 = drained.get();
        r.r2 = queue.size();
    }
}
