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
 * A select waits at two queues, and both get an element at once.
 *
 * <p>Allowed: one of the elements is emitted and the other one is inside its queue. Forbidden: both left their queues
 * (one is lost), neither was emitted, or the branch that lost still stands in its line, where it would swallow the next
 * element.
 */
@JCStressTest
@State
@Outcome(id = "1, 1, 0", expect = ACCEPTABLE, desc = "exactly one")
@Outcome(expect = FORBIDDEN, desc = "select took two, none, or stays in a line")
public class SelectTwoQueuesRace {
    private final AsyncQueue<Integer> left = AsyncQueue.bounded(1);
    private final AsyncQueue<Integer> right = AsyncQueue.bounded(1);
    private final Probe<Integer> select = new Probe<>();

    public SelectTwoQueuesRace() {
        Select.<Integer>first(left.onTake(x -> x), right.onTake(x -> x)).subscribe(select);
    }

    @Actor
    public void offerLeft() {
        left.tryPut(1);
    }

    @Actor
    public void offerRight() {
        right.tryPut(2);
    }

    @Arbiter
    public void end(III_Result r) {
        r.r1 = select.code();
        r.r2 = left.size() + right.size();
        r.r3 = left.core.takers.size() + right.core.takers.size();
    }
}
