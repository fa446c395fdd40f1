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
 * An element of a putAll waits for room; one thread makes room while another cancels the putAll.
 *
 * <p>Allowed: the element entered, or went to the discard hook. Forbidden: neither, or both.
 */
@JCStressTest
@State
@Outcome(id = "0, 1, 0", expect = ACCEPTABLE, desc = "entered")
@Outcome(id = "0, 0, 1", expect = ACCEPTABLE, desc = "discarded")
@Outcome(expect = FORBIDDEN, desc = "the element leaked, or is in two places")
public class PutAllPendingCancelRace {
    private final AtomicInteger discarded = new AtomicInteger();
    private final AsyncQueue<Integer> queue = AsyncQueue.bounded(1);
    private final Probe<Void> putAll = new Probe<>(element -> discarded.incrementAndGet());
    private final Source source = new Source();

    public PutAllPendingCancelRace() {
        queue.tryPut(0);
        queue.putAll(source).subscribe(putAll);
        source.emit(7);
    }

    @Actor
    public void makeRoom() {
        queue.tryTake();
    }

    @Actor
    public void cancel() {
        putAll.cancel();
    }

    @Arbiter
    public void end(III_Result r) {
        r.r1 = putAll.code();
        r.r2 = queue.size() + queue.core.putters.size() * 10;
        r.r3 = discarded.get();
    }
}
