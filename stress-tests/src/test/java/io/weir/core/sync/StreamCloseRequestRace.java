package io.weir.core.sync;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

/**
 * A stream without demand at a queue with one element; one thread requests, another closes.
 *
 * <p>Allowed: the element, then the end. Forbidden: the end before the element (a close that drops what is inside), or
 * no end.
 */
@JCStressTest
@State
@Outcome(id = "1", expect = ACCEPTABLE, desc = "one element, then the end")
@Outcome(expect = FORBIDDEN, desc = "the close lost the element or the end")
public class StreamCloseRequestRace {
    private final AsyncQueue<Integer> queue = AsyncQueue.bounded(1);
    private final Probe<Integer> stream = new Probe<>(0);

    public StreamCloseRequestRace() {
        queue.tryPut(7);
        queue.asFlux().subscribe(stream);
    }

    @Actor
    public void request() {
        stream.request(1);
    }

    @Actor
    public void close() {
        queue.close();
    }

    @Arbiter
    public void end(I_Result r) {
        r.r1 = stream.code();
    }
}
