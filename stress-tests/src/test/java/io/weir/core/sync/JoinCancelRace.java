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
 * Somebody joins; the last element is reported done while the join is cancelled.
 *
 * <p>Allowed: told or not, and nobody is left in the line. Forbidden: told twice, or kept in the line for ever.
 */
@JCStressTest
@State
@Outcome(id = "3, 0", expect = ACCEPTABLE, desc = "joined")
@Outcome(id = "0, 0", expect = ACCEPTABLE, desc = "cancelled")
@Outcome(expect = FORBIDDEN, desc = "a cancelled join stays, or is told twice")
public class JoinCancelRace {
    private final AsyncQueue<Integer> queue = AsyncQueue.bounded(1);
    private final Probe<Void> join = new Probe<>();

    public JoinCancelRace() {
        queue.tryPut(7);
        queue.tryTake();
        queue.join().subscribe(join);
    }

    @Actor
    public void cancel() {
        join.cancel();
    }

    @Actor
    public void taskDone() {
        queue.taskDone();
    }

    @Arbiter
    public void end(II_Result r) {
        r.r1 = join.code();
        r.r2 = queue.core.unfinished.joiners.size();
    }
}
