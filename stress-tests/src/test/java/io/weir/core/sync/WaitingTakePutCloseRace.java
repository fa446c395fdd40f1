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
 * A take waits; one thread puts, another closes.
 *
 * <p>Allowed: the element went over, or both are refused. Forbidden: the put is accepted and the taker refused (the
 * element is lost in a closed queue), or one of them hears nothing.
 */
@JCStressTest
@State
@Outcome(id = "1, 3", expect = ACCEPTABLE, desc = "put before close")
@Outcome(id = "2, 2", expect = ACCEPTABLE, desc = "close before put")
@Outcome(expect = FORBIDDEN, desc = "taker and putter were told different stories")
public class WaitingTakePutCloseRace {
    private final AsyncQueue<Integer> queue = AsyncQueue.bounded(1);
    private final Probe<Integer> take = new Probe<>();
    private final Probe<Void> put = new Probe<>();

    public WaitingTakePutCloseRace() {
        queue.take().subscribe(take);
    }

    @Actor
    public void put() {
        queue.put(7).subscribe(put);
    }

    @Actor
    public void close() {
        queue.close();
    }

    @Arbiter
    public void end(II_Result r) {
        r.r1 = take.code();
        r.r2 = put.code();
    }
}
