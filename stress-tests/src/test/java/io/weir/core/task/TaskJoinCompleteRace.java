package io.weir.core.task;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import java.util.concurrent.atomic.AtomicInteger;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/**
 * A task is joined, and given a callback, while it ends.
 *
 * <p>Allowed: the value is told to both, once. Forbidden: one waits for ever, or is told twice.
 */
@JCStressTest
@State
@Outcome(id = "1, 1", expect = ACCEPTABLE, desc = "both are told")
@Outcome(expect = FORBIDDEN, desc = "one who waits is not told, or told twice")
public class TaskJoinCompleteRace {
    private final HandFed source = new HandFed();
    private final Witness<Integer> join = new Witness<>();
    private final AtomicInteger called = new AtomicInteger();
    private final TaskGroup group = TaskGroup.open();
    private final Task<Integer> task = group.start("t", source);

    @Actor
    public void complete() {
        source.succeed();
    }

    @Actor
    public void join() {
        task.join().subscribe(join);
        task.onDone(outcome -> called.incrementAndGet());
    }

    @Arbiter
    public void end(II_Result r) {
        r.r1 = join.code();
        r.r2 = called.get();
        group.cancel("over"); // the tree keeps it otherwise
    }
}
