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
 * Takes come while another thread closes a queue with one element.
 *
 * <p>Allowed: the first take has the element, before or after the close; the second one is told of the end. Forbidden:
 * the close took the element away, or the second take waits for ever.
 */
@JCStressTest
@State
@Outcome(id = "1, 2", expect = ACCEPTABLE, desc = "drained, then told")
@Outcome(expect = FORBIDDEN, desc = "a close that loses an element or forgets a taker")
public class TakeCloseRace {
    private final AsyncQueue<Integer> queue = AsyncQueue.bounded(1);
    private final Probe<Integer> first = new Probe<>();
    private final Probe<Integer> second = new Probe<>();

    public TakeCloseRace() {
        queue.tryPut(7);
    }

    @Actor
    public void takes() {
        queue.take().subscribe(first);
        queue.take().subscribe(second);
    }

    @Actor
    public void close() {
        queue.close();
    }

    @Arbiter
    public void end(II_Result r) {
        r.r1 = first.code();
        r.r2 = second.code();
    }
}
