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
 * A task completes while somebody takes a hold on it.
 *
 * <p>Allowed: the hold was counted, and the task ends with its release; or it came too late and holds nothing. Forbidden: a task that ends
 * although it is held, or never.
 */
@JCStressTest
@State
@Outcome(id = "1, 0, 1", expect = ACCEPTABLE, desc = "held, and ended with the release")
@Outcome(id = "0, 1, 1", expect = ACCEPTABLE, desc = "ended before")
@Outcome(expect = FORBIDDEN, desc = "it ended although it was held, or never")
public class TaskHoldEndRace {
    private final HandFed source = new HandFed();
    private final Witness<Integer> join = new Witness<>();
    private final TaskGroup group = TaskGroup.open();
    private final Task<Integer> task = group.start("t", source);
    private Task.Hold hold = TaskHold.NONE;

    public TaskHoldEndRace() {
        task.join().subscribe(join);
    }

    @Actor
    public void complete() {
        source.succeed();
    }

    @Actor
    public void hold() {
        hold = Task.hold((TaskRun<?>) task);
    }

    @Arbiter
    public void end(III_Result r) {
        r.r1 = hold == TaskHold.NONE ? 0 : 1;
        r.r2 = join.code();
        hold.release();
        r.r3 = join.code();
        group.cancel("over"); // the tree keeps it otherwise
    }
}
