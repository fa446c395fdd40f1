package io.weir.core.sync;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

/**
 * Somebody starts to join while the last element is reported done.
 *
 * <p>Allowed: the join completes. Forbidden: it waits: it saw the count before the report, and the report saw nobody
 * waiting.
 */
@JCStressTest
@State
@Outcome(id = "3", expect = ACCEPTABLE, desc = "joined")
@Outcome(expect = FORBIDDEN, desc = "the join missed the last taskDone")
public class JoinTaskDoneRace {
    private final AsyncQueue<Integer> queue = AsyncQueue.bounded(1);
    private final Probe<Void> join = new Probe<>();

    public JoinTaskDoneRace() {
        queue.tryPut(7);
        queue.tryTake();
    }

    @Actor
    public void join() {
        queue.join().subscribe(join);
    }

    @Actor
    public void taskDone() {
        queue.taskDone();
    }

    @Arbiter
    public void end(I_Result r) {
        r.r1 = join.code();
    }
}
