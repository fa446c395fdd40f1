package io.weir.core.task;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import java.util.concurrent.atomic.AtomicInteger;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;
import reactor.core.publisher.Mono;

/**
 * A task that waits for its group's limit is launched, which calls its callable, while it is cancelled.
 *
 * <p>Allowed: it ran and told its value; it ran and the value is discarded; it never ran. Forbidden: a value lost, or a task that
 * never ends.
 */
@JCStressTest
@State
@Outcome(id = "0, 1, 0", expect = ACCEPTABLE, desc = "it ran, and told")
@Outcome(id = "1, 2, 0", expect = ACCEPTABLE, desc = "cancelled; what was made is discarded")
@Outcome(expect = FORBIDDEN, desc = "the value is lost, or the task does not end")
public class TaskLaunchCancelRace {
    private final HandFed gate = new HandFed();
    private final Witness<Integer> join = new Witness<>();
    private final AtomicInteger made = new AtomicInteger();
    private final Task<Integer> task;
    private final TaskGroup group;
    private boolean cancelled;

    public TaskLaunchCancelRace() {
        group = TaskGroup.supervisor().limit(1).open(join.currentContext());
        group.start("gate", gate);
        task = group.start("t", Mono.fromCallable(made::incrementAndGet));
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
        r.r3 = made.get() - join.values.get() - join.discarded.get();
        group.cancel("over"); // the tree keeps it otherwise
    }
}
