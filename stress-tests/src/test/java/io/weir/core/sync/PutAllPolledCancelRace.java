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
 * Two takes let all in that a putAll has polled, so that the taker polls for it; the putAll is cancelled meanwhile.
 *
 * <p>Allowed: whatever was polled entered or went to the discard hook, and the source was cancelled once. Forbidden: an element
 * leaked or is in two places, or the source was cancelled while it was polled, or polled after it.
 */
@JCStressTest
@State
@Outcome(id = "0, 0, 1", expect = ACCEPTABLE, desc = "each element has its place, and the source is cancelled")
@Outcome(expect = FORBIDDEN, desc = "an element leaked or is in two places, or the source was misused")
public class PutAllPolledCancelRace {
    private final AtomicInteger discarded = new AtomicInteger();
    private final AsyncQueue<Integer> queue = AsyncQueue.bounded(2);
    private final Probe<Void> putAll = new Probe<>(element -> discarded.incrementAndGet());
    private final Numbers source = new Numbers(9);

    public PutAllPolledCancelRace() {
        queue.putAll(source).subscribe(putAll);
    }

    @Actor
    public void makeRoom() {
        queue.tryTake();
        queue.tryTake();
    }

    @Actor
    public void cancel() {
        putAll.cancel();
    }

    @Arbiter
    public void end(III_Result r) {
        int entered = (int) queue.statistics().accepted();
        r.r1 = putAll.code();
        r.r2 = source.polled() - entered - discarded.get();
        r.r3 = source.cancels();
    }
}
