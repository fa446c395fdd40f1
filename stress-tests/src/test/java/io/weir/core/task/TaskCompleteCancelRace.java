package io.weir.core.task;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;

/**
 * A task's source gives its value and completes, while the task is cancelled.
 *
 * <p>Allowed: the value is told, and the cancel says that it came too late; or the task was cancelled, and the value discarded.
 */
@JCStressTest
@State
@Outcome(id = "0, 1, 0", expect = ACCEPTABLE, desc = "the value is told")
@Outcome(id = "1, 2, 1", expect = ACCEPTABLE, desc = "cancelled, the value discarded")
@Outcome(expect = FORBIDDEN, desc = "the value is lost, or told and discarded")
public class TaskCompleteCancelRace {
    private final HandFed source = new HandFed();
    private final Witness<Integer> join = new Witness<>();
    private final TaskGroup group = TaskGroup.supervisor().open(join.currentContext());
    private final Task<Integer> task = group.start("t", source);
    private boolean cancelled;

    public TaskCompleteCancelRace() {
        task.join().subscribe(join);
    }

    @Actor
    public void complete() {
        source.succeed();
    }

    @Actor
    public void cancel() {
        cancelled = task.cancel("race");
    }

    @Arbiter
    public void end(III_Result r) {
        r.r1 = cancelled ? 1 : 0;
        r.r2 = join.code();
        r.r3 = join.discarded.get();
        group.cancel("over"); // the tree keeps it otherwise
    }
}
