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
 * A stream without demand; one thread requests, another puts.
 *
 * <p>Allowed: the element was emitted. Forbidden: it stays inside while the stream has demand: the request saw no
 * element and the put saw no taker.
 */
@JCStressTest
@State
@Outcome(id = "1", expect = ACCEPTABLE, desc = "emitted")
@Outcome(expect = FORBIDDEN, desc = "put and request missed each other")
public class StreamPutRequestRace {
    private final AsyncQueue<Integer> queue = AsyncQueue.bounded(1);
    private final Probe<Integer> stream = new Probe<>(0);

    public StreamPutRequestRace() {
        queue.asFlux().subscribe(stream);
    }

    @Actor
    public void request() {
        stream.request(1);
    }

    @Actor
    public void put() {
        queue.tryPut(7);
    }

    @Arbiter
    public void end(I_Result r) {
        r.r1 = stream.count() + (stream.isBroken() ? 10 : 0);
    }
}
