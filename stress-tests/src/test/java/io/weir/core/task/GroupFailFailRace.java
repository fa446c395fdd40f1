package io.weir.core.task;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;
import reactor.core.publisher.Mono;

/**
 * Two tasks of a fail-fast group fail at the same time; each heeds no cancel.
 *
 * <p>Allowed: one error is told, with the other one suppressed on it; or the other one came when the group had ended, and is dropped.
 * Forbidden: an error lost, or two told.
 */
@JCStressTest
@State
@Outcome(id = "2, 1, 0", expect = ACCEPTABLE, desc = "one is suppressed on the other")
@Outcome(id = "2, 0, 1", expect = ACCEPTABLE, desc = "one came after the end")
@Outcome(expect = FORBIDDEN, desc = "an error is lost, or two are told")
public class GroupFailFailRace {
    private final HandFed one = new HandFed();
    private final HandFed two = new HandFed();
    private final Witness<Object> told = new Witness<>();

    public GroupFailFailRace() {
        TaskGroup.using(group -> {
                    group.start("one", one);
                    group.start("two", two);
                    return Mono.never();
                })
                .subscribe(told);
    }

    @Actor
    public void first() {
        one.fail(new IllegalStateException("one"));
    }

    @Actor
    public void second() {
        two.fail(new IllegalStateException("two"));
    }

    @Arbiter
    public void end(III_Result r) {
        r.r1 = told.code();
        r.r2 = told.suppressed();
        r.r3 = told.dropped.get();
    }
}
