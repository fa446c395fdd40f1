package io.weir.core.sync;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import java.util.concurrent.atomic.AtomicInteger;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;

/**
 * Two takes let all in that a putAll has polled, so that the taker polls for it; another puts meanwhile, so that what was polled
 * finds the queue held.
 *
 * <p>Allowed: the queue is full again, and the putAll has polled the third batch and waits with the rest of it. Forbidden: it stands
 * still with room in the queue, or has polled too much.
 */
@JCStressTest
@State
@Outcome(id = "0, 6, 21", expect = ACCEPTABLE, desc = "full, and one batch ahead")
@Outcome(expect = FORBIDDEN, desc = "it stands still, or has polled too much")
public class PutAllPolledPutRace {
    private final AtomicInteger discarded = new AtomicInteger();
    private final AsyncQueue<Integer> queue = AsyncQueue.bounded(2);
    private final Probe<Void> putAll = new Probe<>(element -> discarded.incrementAndGet());
    private final Numbers source = new Numbers(9);

    public PutAllPolledPutRace() {
        queue.putAll(source).subscribe(putAll);
    }

    @Actor
    public void makeRoom() {
        queue.tryTake();
        queue.tryTake();
    }

    @Actor
    public void put() {
        queue.tryTake();
        queue.tryPut(100);
    }

    @Arbiter
    public void end(III_Result r) {
        r.r1 = putAll.code();
        r.r2 = source.polled();
        r.r3 = queue.size() * 10 + queue.core.putters.size() + (source.cancels() + discarded.get()) * 100;
    }
}
