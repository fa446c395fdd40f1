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
 * A select starts while one of its queues gets an element.
 *
 * <p>Allowed: it has the element, and stands in no line. Forbidden: it waits though the element is there; or, having won
 * in the one queue while it was still going through the others, it stays in a line.
 */
@JCStressTest
@State
@Outcome(id = "1, 0, 0", expect = ACCEPTABLE, desc = "found it")
@Outcome(expect = FORBIDDEN, desc = "the start missed the element, or a branch stayed")
public class SelectStartRace {
    private final AsyncQueue<Integer> left = AsyncQueue.bounded(1);
    private final AsyncQueue<Integer> right = AsyncQueue.bounded(1);
    private final Probe<Integer> select = new Probe<>(0);

    public SelectStartRace() {
        Select.<Integer>first(left.onTake(x -> x), right.onTake(x -> x)).subscribe(select);
    }

    @Actor
    public void start() {
        select.request(1);
    }

    @Actor
    public void offer() {
        left.tryPut(1);
    }

    @Arbiter
    public void end(III_Result r) {
        r.r1 = select.code();
        r.r2 = left.size();
        r.r3 = left.core.takers.size() + right.core.takers.size();
    }
}
