package io.weir.core.task;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/**
 * A task that is held completes while the hold is released.
 *
 * <p>Allowed: it ends, once. Forbidden: it never does, or tells twice.
 */
@JCStressTest
@State
@Outcome(id = "1, 1", expect = ACCEPTABLE, desc = "it has ended, and told it")
@Outcome(expect = FORBIDDEN, desc = "it has not ended, or told twice")
public class TaskHoldRace {
    private final HandFed source = new HandFed();
    private final Witness<Integer> join = new Witness<>();
    private final TaskGroup group = TaskGroup.open();
    private final Task<Integer> task = group.start("t", source);
    private final Task.Hold hold = Task.hold((TaskRun<?>) task);

    public TaskHoldRace() {
        task.join().subscribe(join);
    }

    @Actor
    public void complete() {
        source.succeed();
    }

    @Actor
    public void release() {
        hold.release();
    }

    @Arbiter
    public void end(II_Result r) {
        r.r1 = join.code();
        r.r2 = task.state() == Task.State.ENDED ? 1 : 0;
        group.cancel("over"); // the tree keeps it otherwise
    }
}
