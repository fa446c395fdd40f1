package io.weir.core.sync;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import java.util.concurrent.atomic.AtomicInteger;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.IIII_Result;

/**
 * A put and a closeNow, which drains.
 *
 * <p>Allowed: accepted, drained once, and counted as done; or refused, and not drained. Forbidden: an element that is
 * accepted and stays in the closed queue, is drained although refused, or leaves join waiting.
 */
@JCStressTest
@State
@Outcome(id = "3, 1, 0, 3", expect = ACCEPTABLE, desc = "accepted, then drained")
@Outcome(id = "2, 0, 0, 3", expect = ACCEPTABLE, desc = "refused")
@Outcome(expect = FORBIDDEN, desc = "the drain and the answer disagree")
public class CloseNowPutRace {
    private final AtomicInteger drained = new AtomicInteger();
    private final AsyncQueue<Integer> queue =
            AsyncQueue.<Integer>bounded(1).onDiscard(element -> drained.incrementAndGet());
    private final Probe<Void> put = new Probe<>();

    @Actor
    public void put() {
        queue.put(7).subscribe(put);
    }

    @Actor
    public void closeNow() {
        queue.closeNow(null);
    }

    @Arbiter
    public void end(IIII_Result r) {
        Probe<Void> join = new Probe<>();
        queue.join().subscribe(join);
        r.r1 = put.code();
        r.r2 = drained.get();
        r.r3 = queue.size();
        r.r4 = join.code();
    }
}
