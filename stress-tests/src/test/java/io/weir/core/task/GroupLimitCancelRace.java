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
 * The one that runs ends, which gives its place to the first that waits, while that one is cancelled; another one stands behind.
 *
 * <p>Allowed: the last one runs. Forbidden: the place goes to one that is cancelled, and is lost.
 */
@JCStressTest
@State
@Outcome(id = "1, 1", expect = ACCEPTABLE, desc = "the last one has its place")
@Outcome(expect = FORBIDDEN, desc = "the place is lost")
public class GroupLimitCancelRace {
    private final HandFed gate = new HandFed();
    private final HandFed last = new HandFed();
    private final TaskGroup group = TaskGroup.supervisor().limit(1).open();
    private final Task<Integer> waiting;

    public GroupLimitCancelRace() {
        group.start("gate", gate);
        waiting = group.start("waiting", new HandFed());
        group.start("last", last);
    }

    @Actor
    public void end() {
        gate.succeed();
    }

    @Actor
    public void cancel() {
        waiting.cancel("race");
    }

    @Arbiter
    public void end(II_Result r) {
        r.r1 = last.running();
        r.r2 = group.size();
        group.cancel("over"); // the tree keeps it otherwise
    }
}
