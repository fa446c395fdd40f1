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
 * A put comes to a full queue while a take makes room.
 *
 * <p>Allowed: the take has the old element, the put is accepted, one element is inside. Forbidden: the put waits though
 * there is room, which nobody will tell it again.
 */
@JCStressTest
@State
@Outcome(id = "3, 1, 1", expect = ACCEPTABLE, desc = "the put got the room")
@Outcome(expect = FORBIDDEN, desc = "the put missed the room, or an element is lost")
public class FullQueuePutTakeRace {
    private final AsyncQueue<Integer> queue = AsyncQueue.bounded(1);
    private final Probe<Void> put = new Probe<>();
    private final Probe<Integer> take = new Probe<>();

    public FullQueuePutTakeRace() {
        queue.tryPut(0);
    }

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
        r.r3 = queue.size() + queue.core.putters.size() * 10;
    }
}
