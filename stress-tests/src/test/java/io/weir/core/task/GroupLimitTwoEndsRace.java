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
import reactor.core.publisher.Mono;

/**
 * A group runs two at once; both end at the same time, and two wait.
 *
 * <p>Allowed: both that waited have run. Forbidden: a place is lost, and one waits for ever.
 */
@JCStressTest
@State
@Outcome(id = "2, 0", expect = ACCEPTABLE, desc = "both have run")
@Outcome(expect = FORBIDDEN, desc = "a place is lost, or was given twice")
public class GroupLimitTwoEndsRace {
    private final HandFed one = new HandFed();
    private final HandFed two = new HandFed();
    private final AtomicInteger ran = new AtomicInteger();
    private final TaskGroup group = TaskGroup.supervisor().limit(2).open();

    public GroupLimitTwoEndsRace() {
        group.start("one", one);
        group.start("two", two);
        group.start("three", Mono.fromCallable(ran::incrementAndGet));
        group.start("four", Mono.fromCallable(ran::incrementAndGet).hide());
    }

    @Actor
    public void first() {
        one.succeed();
    }

    @Actor
    public void second() {
        two.succeed();
    }

    @Arbiter
    public void end(II_Result r) {
        r.r1 = ran.get();
        r.r2 = group.size();
        group.cancel("over"); // the tree keeps it otherwise
    }
}
