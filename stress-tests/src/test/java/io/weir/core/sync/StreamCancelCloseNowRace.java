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
 * An element is put to a queue at which a stream waits, while another thread cancels the stream and then closes the queue now.
 *
 * <p>Allowed: the element is emitted, or handed to the discard handler, or was refused. Forbidden: none of these, or two; or it
 * stays in the closed queue.
 */
@JCStressTest
@State
@Outcome(id = "1, 0, 0", expect = ACCEPTABLE, desc = "emitted")
@Outcome(id = "0, 1, 0", expect = ACCEPTABLE, desc = "discarded")
@Outcome(id = "0, 0, 1", expect = ACCEPTABLE, desc = "refused: closed before the put")
@Outcome(expect = FORBIDDEN, desc = "the element was lost, or dealt with twice")
public class StreamCancelCloseNowRace {
    private final AtomicInteger discarded = new AtomicInteger();
    private final AsyncQueue<Integer> queue =
            AsyncQueue.<Integer>bounded(2).onDiscard(element -> discarded.incrementAndGet());
    private final Probe<Integer> stream = new Probe<>();
    private int refused;

    public StreamCancelCloseNowRace() {
        queue.asFlux().subscribe(stream);
    }

    @Actor
    public void put() {
        refused = queue.tryPut(1) ? 0 : 1;
    }

    @Actor
    public void cancelAndCloseNow() {
        stream.cancel();
        queue.closeNow(null);
    }

    @Arbiter
    public void end(III_Result r) {
        r.r1 = stream.count();
        r.r2 = discarded.get() + 10 * queue.size();
        r.r3 = refused;
    }
}
