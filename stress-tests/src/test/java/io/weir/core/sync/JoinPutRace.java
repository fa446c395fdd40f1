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
 * Somebody joins; the last element is reported done while the next one is put.
 *
 * <p>Allowed: the join completes at the moment of zero; or the put came first, and it completes with the next report.
 * Forbidden: it still waits when all is done, or is told twice.
 */
@JCStressTest
@State
@Outcome(id = "3, 3", expect = ACCEPTABLE, desc = "a moment of zero was seen")
@Outcome(id = "0, 3", expect = ACCEPTABLE, desc = "the put came first")
@Outcome(expect = FORBIDDEN, desc = "the join missed every zero")
public class JoinPutRace {
    private final AsyncQueue<Integer> queue = AsyncQueue.bounded(1);
    private final Probe<Void> join = new Probe<>();

    public JoinPutRace() {
        queue.tryPut(7);
        queue.tryTake();
        queue.join().subscribe(join);
    }

    @Actor
    public void put() {
        queue.tryPut(8);
    }

    @Actor
    public void taskDone() {
        queue.taskDone();
    }

    @Arbiter
    public void end(II_Result r) {
        r.r1 = join.code();
        queue.tryTake();
        queue.taskDone();
        r.r2 = join.code();
    }
}
