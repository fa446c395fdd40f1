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
 * A task that waits for its group's limit is launched, which subscribes its source, while it is cancelled.
 *
 * <p>Allowed: the source was never subscribed, or was cancelled. Forbidden: it goes on, although its task is cancelled.
 */
@JCStressTest
@State
@Outcome(id = "1, 2, 0", expect = ACCEPTABLE, desc = "nothing runs")
@Outcome(expect = FORBIDDEN, desc = "a source goes on without its task")
public class TaskSubscribeCancelRace {
    private final HandFed gate = new HandFed();
    private final HandFed source = new HandFed();
    private final Witness<Integer> join = new Witness<>();
    private final Task<Integer> task;
    private final TaskGroup group;
    private boolean cancelled;

    public TaskSubscribeCancelRace() {
        group = TaskGroup.supervisor().limit(1).open();
        group.start("gate", gate);
        task = group.start("t", source);
        task.join().subscribe(join);
    }

    @Actor
    public void launch() {
        gate.succeed();
    }

    @Actor
    public void cancel() {
        cancelled = task.cancel("race");
    }

    @Arbiter
    public void end(III_Result r) {
        r.r1 = cancelled ? 1 : 0;
        r.r2 = join.code();
        r.r3 = source.running();
        group.cancel("over"); // the tree keeps it otherwise
    }
}
