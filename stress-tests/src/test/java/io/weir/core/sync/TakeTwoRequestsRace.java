package io.weir.core.sync;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/**
 * A take that was not requested yet is requested by two threads, and there are two elements.
 *
 * <p>Allowed: it takes one. Forbidden: it takes both, or none.
 */
@JCStressTest
@State
@Outcome(id = "1, 1", expect = ACCEPTABLE, desc = "one is taken")
@Outcome(expect = FORBIDDEN, desc = "both are taken, or none")
public class TakeTwoRequestsRace {
    private final AsyncQueue<Integer> queue = AsyncQueue.bounded(2);
    private final Probe<Integer> take = new Probe<>(0);

    public TakeTwoRequestsRace() {
        queue.tryPut(1);
        queue.tryPut(2);
        queue.take().subscribe(take);
    }

    @Actor
    public void request() {
        take.request(1);
    }

    @Actor
    public void requestToo() {
        take.request(1);
    }

    @Arbiter
    public void end(II_Result r) {
        r.r1 = take.code();
        r.r2 = queue.size();
    }
}
