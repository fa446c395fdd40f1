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
 * One who waits for a task goes away while it ends; another one stays.
 *
 * <p>Allowed: the first is told or not; the second is. Forbidden: the first, on leaving, takes the other's place along.
 */
@JCStressTest
@State
@Outcome(id = "0, 1, 0", expect = ACCEPTABLE, desc = "it was gone")
@Outcome(id = "1, 1, 0", expect = ACCEPTABLE, desc = "it was told")
@Outcome(expect = FORBIDDEN, desc = "the other one is not told, or somebody is left in the list")
public class TaskJoinCancelRace {
    private final HandFed source = new HandFed();
    private final Witness<Integer> first = new Witness<>();
    private final Witness<Integer> second = new Witness<>();
    private final TaskGroup group = TaskGroup.open();
    private final Task<Integer> task = group.start("t", source);

    public TaskJoinCancelRace() {
        task.join().subscribe(first);
        task.join().subscribe(second);
    }

    @Actor
    public void complete() {
        source.succeed();
    }

    @Actor
    public void cancel() {
        first.cancel();
    }

    @Arbiter
    public void end(III_Result r) {
        r.r1 = first.code();
        r.r2 = second.code();
        r.r3 = ((TaskRun<?>) task).isAwaited() ? 1 : 0;
        group.cancel("over"); // the tree keeps it otherwise
    }
}
