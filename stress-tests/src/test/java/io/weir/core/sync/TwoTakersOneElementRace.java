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
 * Two takes, one element.
 *
 * <p>Allowed: one of them has it, the other stands in the line. Forbidden: both have it (an element twice), neither
 * (lost), or the other is not in the line and will never be served.
 */
@JCStressTest
@State
@Outcome(
        id = {"1, 0, 1", "0, 1, 1"},
        expect = ACCEPTABLE,
        desc = "one has it, one waits")
@Outcome(expect = FORBIDDEN, desc = "the element came twice or to nobody")
public class TwoTakersOneElementRace {
    private final AsyncQueue<Integer> queue = AsyncQueue.bounded(1);
    private final Probe<Integer> one = new Probe<>();
    private final Probe<Integer> other = new Probe<>();

    public TwoTakersOneElementRace() {
        queue.tryPut(7);
    }

    @Actor
    public void one() {
        queue.take().subscribe(one);
    }

    @Actor
    public void other() {
        queue.take().subscribe(other);
    }

    @Arbiter
    public void end(III_Result r) {
        r.r1 = one.code();
        r.r2 = other.code();
        r.r3 = queue.core.takers.size() + queue.size() * 10;
    }
}
