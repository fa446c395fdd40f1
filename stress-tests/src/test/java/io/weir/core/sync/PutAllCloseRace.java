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
 * The source of a putAll emits an element while the queue is closed.
 *
 * <p>Allowed: the element entered before, or went to the discard hook; in both cases the putAll fails once, because its
 * source had not ended, and the source is cancelled. Forbidden: the element leaked or is in two places; no answer, or
 * two.
 */
@JCStressTest
@State
@Outcome(id = "2, 1, 0, 1", expect = ACCEPTABLE, desc = "entered, then closed")
@Outcome(id = "2, 0, 1, 1", expect = ACCEPTABLE, desc = "closed, then discarded")
@Outcome(expect = FORBIDDEN, desc = "the element leaked, or the answer is wrong")
public class PutAllCloseRace {
    private final AtomicInteger discarded = new AtomicInteger();
    private final AsyncQueue<Integer> queue = AsyncQueue.bounded(1);
    private final Probe<Void> putAll = new Probe<>(element -> discarded.incrementAndGet());
    private final Source source = new Source();

    public PutAllCloseRace() {
        queue.putAll(source).subscribe(putAll);
    }

    @Actor
    public void emit() {
        source.emit(7);
    }

    @Actor
    public void close() {
        queue.close();
    }

    @Arbiter
    public void end(IIII_Result r) {
        r.r1 = putAll.code();
        r.r2 = queue.size();
        r.r3 = discarded.get();
        r.r4 = source.isCancelled() ? 1 : 0;
    }
}
