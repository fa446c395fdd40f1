package io.weir.core.task;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import java.util.List;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;
import reactor.core.publisher.Mono;

/**
 * Two of three sources of a bounded {@code asCompleted} end at the same time; the third starts in their place, and ends at once.
 *
 * <p>Allowed: three completions and the end. Forbidden: fewer.
 */
@JCStressTest
@State
@Outcome(id = "1, 3", expect = ACCEPTABLE, desc = "all three told")
@Outcome(expect = FORBIDDEN, desc = "a source is not started, or a completion is lost")
public class AsCompletedHandoverRace {
    private final Ending one = new Ending();
    private final Ending two = new Ending();
    private final Hearing<Completion<Integer>> hearing = new Hearing<>(Long.MAX_VALUE);

    public AsCompletedHandoverRace() {
        Gather.asCompleted(2, List.of(one, two, Mono.just(3).hide())).subscribe(hearing);
    }

    @Actor
    public void first() {
        one.succeed(1);
    }

    @Actor
    public void second() {
        two.succeed(2);
    }

    @Arbiter
    public void end(II_Result r) {
        r.r1 = hearing.code();
        r.r2 = hearing.values.get();
    }
}
