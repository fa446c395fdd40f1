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
 * A task whose source is shielded is cancelled while the source ends.
 *
 * <p>Allowed: the value is told; or the task is cancelled and the value discarded. In both cases the task has ended. Forbidden: a
 * value lost, or a task that is held for ever.
 */
@JCStressTest
@State
@Outcome(id = "1, 0, 0", expect = ACCEPTABLE, desc = "told")
@Outcome(id = "2, 1, 0", expect = ACCEPTABLE, desc = "cancelled, the value discarded")
@Outcome(expect = FORBIDDEN, desc = "the value is lost, or the task does not end")
public class ShieldCancelCompleteRace {
    private final HandFed source = new HandFed();
    private final Witness<Integer> join = new Witness<>();
    private final TaskGroup group = TaskGroup.supervisor().open(join.currentContext());
    private final Task<Integer> task = group.start("t", TaskGroup.shield(source));

    public ShieldCancelCompleteRace() {
        task.join().subscribe(join);
    }

    @Actor
    public void complete() {
        source.succeed();
    }

    @Actor
    public void cancel() {
        task.cancel("race");
    }

    @Arbiter
    public void end(III_Result r) {
        r.r1 = join.code();
        r.r2 = join.discarded.get();
        r.r3 = group.size() + source.cancelled.get();
        group.cancel("over"); // the tree keeps it otherwise
    }
}
