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
 * One thread closes, another closes and drains, while a put waits at a full queue and an idle stream waits for the end.
 *
 * <p>Allowed: both elements inside are drained once, the waiting put is refused once, the stream ends once. Forbidden:
 * an element drained by both or by none, a waiter told twice.
 */
@JCStressTest
@State
@Outcome(id = "2, 2, 3, 0", expect = ACCEPTABLE, desc = "closed once")
@Outcome(expect = FORBIDDEN, desc = "the two closes disagree")
public class TwoClosersRace {
    private final AtomicInteger drained = new AtomicInteger();
    private final AsyncQueue<Integer> queue =
            AsyncQueue.<Integer>bounded(2).onDiscard(element -> drained.incrementAndGet());
    private final Probe<Void> put = new Probe<>();
    private final Probe<Integer> stream = new Probe<>(0);

    public TwoClosersRace() {
        queue.tryPut(1);
        queue.tryPut(2);
        queue.put(3).subscribe(put);
        queue.asFlux().subscribe(stream);
    }

    @Actor
    public void close() {
        queue.close();
    }

    @Actor
    public void closeNow() {
        queue.closeNow(null);
    }

    @Arbiter
    public void end(IIII_Result r) {
        r.r1 = drained.get();
        r.r2 = put.code();
        r.r3 = stream.code();
        r.r4 = queue.size();
    }
}
