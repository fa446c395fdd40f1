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
 * A stream takes four elements in a batch and emits them, while another thread cancels it.
 *
 * <p>Allowed: the emitted ones and those that are left make four, and what is left comes out in the old order.
 * Forbidden: an element lost between the batch and the queue, or given back although it was emitted.
 */
@JCStressTest
@State
@Outcome(id = "4, 1", expect = ACCEPTABLE, desc = "all there, in order")
@Outcome(expect = FORBIDDEN, desc = "an element of the batch is lost, doubled or out of order")
public class StreamBatchCancelRace {
    private final AsyncQueue<Integer> queue = AsyncQueue.bounded(4);
    private final Probe<Integer> stream = new Probe<>(0);

    public StreamBatchCancelRace() {
        for (int i = 0; i < 4; i++) {
            queue.tryPut(i);
        }
        queue.asFlux().subscribe(stream);
    }

    @Actor
    public void request() {
        stream.request(4);
    }

    @Actor
    public void cancel() {
        stream.cancel();
    }

    @Arbiter
    public void end(II_Result r) {
        int expected = stream.count();
        boolean inOrder = !stream.isBroken();
        Integer next;
        while ((next = queue.tryTake()) != null) {
            inOrder &= next == expected;
            expected++;
        }
        r.r1 = expected;
        r.r2 = inOrder ? 1 : 0;
    }
}
