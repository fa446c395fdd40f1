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
 * Two selects wait at the same two queues, in opposite order, and both queues get an element.
 *
 * <p>Allowed: each select has one element. Forbidden: one has none while an element is inside: it was offered to a
 * branch that had lost, and not to the next.
 */
@JCStressTest
@State
@Outcome(id = "1, 1, 0", expect = ACCEPTABLE, desc = "one each")
@Outcome(expect = FORBIDDEN, desc = "an element passed a select by")
public class TwoSelectsRace {
    private final AsyncQueue<Integer> left = AsyncQueue.bounded(1);
    private final AsyncQueue<Integer> right = AsyncQueue.bounded(1);
    private final Probe<Integer> one = new Probe<>();
    private final Probe<Integer> other = new Probe<>();

    public TwoSelectsRace() {
        Select.<Integer>first(left.onTake(x -> x), right.onTake(x -> x)).subscribe(one);
        Select.<Integer>first(right.onTake(x -> x), left.onTake(x -> x)).subscribe(other);
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
        r.r1 = one.code();
        r.r2 = other.code();
        r.r3 = left.size() + right.size() + left.core.takers.size() + right.core.takers.size();
    }
}
