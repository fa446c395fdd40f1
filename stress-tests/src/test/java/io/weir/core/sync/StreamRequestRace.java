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
 * Two threads request one element each from a stream.
 *
 * <p>Allowed: both elements were emitted, one after the other. Forbidden: one request got lost in the other's emission,
 * or the two emitted at once.
 */
@JCStressTest
@State
@Outcome(id = "2, 0", expect = ACCEPTABLE, desc = "both were emitted, serially")
@Outcome(expect = FORBIDDEN, desc = "a request was lost, or the signals overlapped")
public class StreamRequestRace {
    private final AsyncQueue<Integer> queue = AsyncQueue.bounded(4);
    private final Probe<Integer> stream = new Probe<>(0);

    public StreamRequestRace() {
        for (int i = 0; i < 4; i++) {
            queue.tryPut(i);
        }
        queue.asFlux().subscribe(stream);
    }

    @Actor
    public void one() {
        stream.request(1);
    }

    @Actor
    public void other() {
        stream.request(1);
    }

    @Arbiter
    public void end(II_Result r) {
        r.r1 = stream.count();
        r.r2 = stream.isBroken() || queue.size() != 2 ? 1 : 0;
    }
}
