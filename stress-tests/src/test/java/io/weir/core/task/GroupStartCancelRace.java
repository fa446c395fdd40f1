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
 * A task is started while its group is cancelled.
 *
 * <p>Allowed: it was rejected; or it was taken, and cancelled. Forbidden: it goes on in a group that has ended, or the group never ends.
 */
@JCStressTest
@State
@Outcome(id = "0, 0, 3", expect = ACCEPTABLE, desc = "rejected")
@Outcome(id = "1, 0, 3", expect = ACCEPTABLE, desc = "taken and cancelled")
@Outcome(expect = FORBIDDEN, desc = "a task goes on, or the group does not end")
public class GroupStartCancelRace {
    private final HandFed source = new HandFed();
    private final TaskGroup group = TaskGroup.open();
    private final Witness<Void> end = new Witness<>();
    private boolean taken;

    public GroupStartCancelRace() {
        group.terminated().subscribe(end);
    }

    @Actor
    public void start() {
        try {
            group.start("t", source);
            taken = true;
        } catch (TaskRejectedException expected) {
            taken = false;
        }
    }

    @Actor
    public void cancel() {
        group.cancel("race");
    }

    @Arbiter
    public void end(III_Result r) {
        r.r1 = taken ? 1 : 0;
        r.r2 = source.running();
        r.r3 = end.code();
        group.cancel("over"); // the tree keeps it otherwise
    }
}
