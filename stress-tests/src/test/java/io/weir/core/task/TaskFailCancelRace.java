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
 * A task's source fails while the task is cancelled.
 *
 * <p>Allowed: the failure is told by the task; or the task was cancelled, and the error is dropped by the hook. Forbidden: an error that
 * nobody hears of.
 */
@JCStressTest
@State
@Outcome(id = "0, 2, 0", expect = ACCEPTABLE, desc = "the failure is told")
@Outcome(id = "1, 2, 1", expect = ACCEPTABLE, desc = "cancelled, the error dropped")
@Outcome(expect = FORBIDDEN, desc = "the error is lost, or told twice")
public class TaskFailCancelRace {
    private final HandFed source = new HandFed();
    private final Witness<Integer> join = new Witness<>();
    private final TaskGroup group =
            TaskGroup.supervisor().onFailure((failed, error) -> {}).open(join.currentContext());
    private final Task<Integer> task = group.start("t", source);
    private boolean cancelled;

    public TaskFailCancelRace() {
        task.join().subscribe(join);
    }

    @Actor
    public void fail() {
        source.fail(new IllegalStateException("race"));
    }

    @Actor
    public void cancel() {
        cancelled = task.cancel("race");
    }

    @Arbiter
    public void end(III_Result r) {
        r.r1 = cancelled ? 1 : 0;
        r.r2 = join.code();
        r.r3 = join.dropped.get();
        group.cancel("over"); // the tree keeps it otherwise
    }
}
