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
 * The one that runs ends, which gives its place to the one that waits, while the group is cancelled.
 *
 * <p>Allowed: nothing runs, and the group has ended. Forbidden: one was admitted into a cancelled group and goes on.
 */
@JCStressTest
@State
@Outcome(id = "0, 3", expect = ACCEPTABLE, desc = "nothing runs")
@Outcome(expect = FORBIDDEN, desc = "a task goes on, or the group does not end")
public class GroupAdmitCancelRace {
    private final HandFed gate = new HandFed();
    private final HandFed waiting = new HandFed();
    private final TaskGroup group = TaskGroup.supervisor().limit(1).open();
    private final Witness<Void> end = new Witness<>();

    public GroupAdmitCancelRace() {
        group.start("gate", gate);
        group.start("waiting", waiting);
        group.terminated().subscribe(end);
    }

    @Actor
    public void end() {
        gate.succeed();
    }

    @Actor
    public void cancel() {
        group.cancel("race");
    }

    @Arbiter
    public void end(II_Result r) {
        r.r1 = waiting.running();
        r.r2 = end.code();
        group.cancel("over"); // the tree keeps it otherwise
    }
}
