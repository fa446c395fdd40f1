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
 * A select waits at two queues; one gets an element while the select is cancelled.
 *
 * <p>Allowed: emitted, or inside for the next. Forbidden: gone; or a branch that stays in a line.
 */
@JCStressTest
@State
@Outcome(id = "1, 0, 0", expect = ACCEPTABLE, desc = "emitted")
@Outcome(id = "0, 1, 0", expect = ACCEPTABLE, desc = "kept for the next")
@Outcome(expect = FORBIDDEN, desc = "the element is lost, or a branch stayed")
public class SelectCancelRace {
    private final AsyncQueue<Integer> left = AsyncQueue.bounded(1);
    private final AsyncQueue<Integer> right = AsyncQueue.bounded(1);
    private final Probe<Integer> select = new Probe<>();

    public SelectCancelRace() {
        Select.<Integer>first(left.onTake(x -> x), right.onTake(x -> x)).subscribe(select);
    }

    @Actor
    public void offer() {
        left.tryPut(1);
    }

    @Actor
    public void cancel() {
        select.cancel();
    }

    @Arbiter
    public void end(III_Result r) {
        r.r1 = select.code();
        r.r2 = left.size();
        r.r3 = left.core.takers.size() + right.core.takers.size();
    }
}
