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
 * A put and a close.
 *
 * <p>Allowed: accepted and inside, or refused and not inside. Forbidden: accepted and gone, refused and inside all the
 * same, or no answer: a producer that waits at a closed queue.
 */
@JCStressTest
@State
@Outcome(id = "3, 1", expect = ACCEPTABLE, desc = "before the close")
@Outcome(id = "2, 0", expect = ACCEPTABLE, desc = "after the close")
@Outcome(expect = FORBIDDEN, desc = "the answer and the queue disagree")
public class PutCloseRace {
    private final AsyncQueue<Integer> queue = AsyncQueue.bounded(1);
    private final Probe<Void> put = new Probe<>();

    @Actor
    public void put() {
        queue.put(7).subscribe(put);
    }

    @Actor
    public void close() {
        queue.close();
    }

    @Arbiter
    public void end(II_Result r) {
        r.r1 = put.code();
        r.r2 = queue.size();
    }
}
