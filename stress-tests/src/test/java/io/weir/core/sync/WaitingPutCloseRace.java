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
 * A put waits at a full queue; a take makes room while another thread closes.
 *
 * <p>Allowed: the put was admitted, and its element is inside; or the close refused it, and it is not. The old element
 * is taken in either case, for a close leaves what is inside. Forbidden: accepted by the room and refused by the close
 * at once.
 */
@JCStressTest
@State
@Outcome(id = "1, 3, 1", expect = ACCEPTABLE, desc = "admitted, then closed")
@Outcome(id = "1, 2, 0", expect = ACCEPTABLE, desc = "closed, then room")
@Outcome(expect = FORBIDDEN, desc = "two answers, none, or a wrong one")
public class WaitingPutCloseRace {
    private final AsyncQueue<Integer> queue = AsyncQueue.bounded(1);
    private final Probe<Void> put = new Probe<>();
    private final Probe<Integer> take = new Probe<>();

    public WaitingPutCloseRace() {
        queue.tryPut(0);
        queue.put(7).subscribe(put);
    }

    @Actor
    public void take() {
        queue.take().subscribe(take);
    }

    @Actor
    public void close() {
        queue.close();
    }

    @Arbiter
    public void end(III_Result r) {
        r.r1 = take.code();
        r.r2 = put.code();
        r.r3 = queue.size();
    }
}
