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
 * A put waits at a full queue; one thread makes room, another cancels.
 *
 * <p>Allowed: it was admitted, said so, and the element is inside; or it was cancelled, said nothing, and the element is
 * not. Forbidden: cancelled and inside, accepted and gone.
 */
@JCStressTest
@State
@Outcome(id = "3, 1", expect = ACCEPTABLE, desc = "room first")
@Outcome(id = "0, 0", expect = ACCEPTABLE, desc = "cancel first")
@Outcome(expect = FORBIDDEN, desc = "the element is lost, or entered after the cancel")
public class PutCancelRace {
    private final AsyncQueue<Integer> queue = AsyncQueue.bounded(1);
    private final Probe<Void> put = new Probe<>();

    public PutCancelRace() {
        queue.tryPut(0);
        queue.put(7).subscribe(put);
    }

    @Actor
    public void makeRoom() {
        queue.tryTake();
    }

    @Actor
    public void cancel() {
        put.cancel();
    }

    @Arbiter
    public void end(II_Result r) {
        r.r1 = put.code();
        r.r2 = queue.size() + queue.core.putters.size() * 10;
    }
}
