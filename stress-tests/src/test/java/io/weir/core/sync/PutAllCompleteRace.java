package io.weir.core.sync;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import java.util.concurrent.atomic.AtomicInteger;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/**
 * An element of a putAll waits for room; one thread makes room while the source completes.
 *
 * <p>Allowed: the element entered and the putAll completed, once. Forbidden: it waits for ever: the end saw an element
 * waiting, and the element's entry saw no end.
 */
@JCStressTest
@State
@Outcome(id = "3, 1", expect = ACCEPTABLE, desc = "entered, and ended")
@Outcome(expect = FORBIDDEN, desc = "the end was lost")
public class PutAllCompleteRace {
    private final AtomicInteger discarded = new AtomicInteger();
    private final AsyncQueue<Integer> queue = AsyncQueue.bounded(1);
    private final Probe<Void> putAll = new Probe<>(element -> discarded.incrementAndGet());
    private final Source source = new Source();

    public PutAllCompleteRace() {
        queue.tryPut(0);
        queue.putAll(source).subscribe(putAll);
        source.emit(7);
    }

    @Actor
    public void makeRoom() {
        queue.tryTake();
    }

    @Actor
    public void complete() {
        source.complete();
    }

    @Arbiter
    public void end(II_Result r) {
        r.r1 = putAll.code();
        r.r2 = queue.size() + discarded.get() * 10;
    }
}
