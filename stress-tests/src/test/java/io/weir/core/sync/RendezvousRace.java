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
 * A put and a take meet at a queue that holds nothing.
 *
 * <p>Allowed: both end, and nobody is left in a line. Forbidden: both wait, each in its line; the put completes and the
 * take has nothing.
 */
@JCStressTest
@State
@Outcome(id = "3, 1, 0", expect = ACCEPTABLE, desc = "hand to hand")
@Outcome(expect = FORBIDDEN, desc = "they missed each other")
public class RendezvousRace {
    private final AsyncQueue<Integer> queue = AsyncQueue.rendezvous();
    private final Probe<Void> put = new Probe<>();
    private final Probe<Integer> take = new Probe<>();

    @Actor
    public void put() {
        queue.put(7).subscribe(put);
    }

    @Actor
    public void take() {
        queue.take().subscribe(take);
    }

    @Arbiter
    public void end(III_Result r) {
        r.r1 = put.code();
        r.r2 = take.code();
        r.r3 = queue.size() + queue.core.takers.size() + queue.core.putters.size();
    }
}
