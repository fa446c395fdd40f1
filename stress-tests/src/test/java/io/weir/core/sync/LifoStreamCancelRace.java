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
 * A stream waits with demand at a last-in-first-out queue; one thread puts, another cancels the stream.
 *
 * <p>Allowed: the element was emitted, or the next consumer gets it: it never entered, or was given back when the stream
 * found itself cancelled at the moment of delivery. Forbidden: accepted, and neither emitted nor to be had; or both.
 */
@JCStressTest
@State
@Outcome(id = "1, 0", expect = ACCEPTABLE, desc = "emitted")
@Outcome(id = "0, 1", expect = ACCEPTABLE, desc = "kept for the next")
@Outcome(expect = FORBIDDEN, desc = "the element is lost or came twice")
public class LifoStreamCancelRace {
    private final AsyncQueue<Integer> queue = AsyncQueue.lifo(2);
    private final Probe<Integer> stream = new Probe<>();
    private final Probe<Void> put = new Probe<>();

    public LifoStreamCancelRace() {
        queue.asFlux().subscribe(stream);
    }

    @Actor
    public void put() {
        queue.put(7).subscribe(put);
    }

    @Actor
    public void cancel() {
        stream.cancel();
    }

    @Arbiter
    public void end(II_Result r) {
        int left = 0;
        while (queue.tryTake() != null) {
            left++;
        }
        r.r1 = stream.count();
        r.r2 = left + (stream.isBroken() || put.code() != Probe.EMPTY ? 10 : 0);
    }
}
