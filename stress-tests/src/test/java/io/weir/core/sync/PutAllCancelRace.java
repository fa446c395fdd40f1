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
 * The source of a putAll emits an element while the putAll is cancelled.
 *
 * <p>Allowed: the element entered, or went to the discard hook. Forbidden: neither (leaked), both (used after it was
 * discarded), or a signal to one who has cancelled, for nothing had ended.
 */
@JCStressTest
@State
@Outcome(id = "0, 1, 0", expect = ACCEPTABLE, desc = "entered")
@Outcome(id = "0, 0, 1", expect = ACCEPTABLE, desc = "discarded")
@Outcome(expect = FORBIDDEN, desc = "the element leaked, or is in two places")
public class PutAllCancelRace {
    private final AtomicInteger discarded = new AtomicInteger();
    private final AsyncQueue<Integer> queue = AsyncQueue.bounded(1);
    private final Probe<Void> putAll = new Probe<>(element -> discarded.incrementAndGet());
    private final Source source = new Source();

    public PutAllCancelRace() {
        queue.putAll(source).subscribe(putAll);
    }

    @Actor
    public void emit() {
        source.emit(7);
    }

    @Actor
    public void cancel() {
        putAll.cancel();
    }

    @Arbiter
    public void end(III_Result r) {
        r.r1 = putAll.code();
        r.r2 = queue.size();
        r.r3 = discarded.get();
    }
}
