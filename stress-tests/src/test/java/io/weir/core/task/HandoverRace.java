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
 * Two of three sources of a bounded {@code failFast} end at the same time; the third starts in their place, and ends at once.
 *
 * <p>Allowed: one list. Forbidden: none: nobody has started the third, or nobody counted it.
 */
@JCStressTest
@State
@Outcome(id = "1, 0", expect = ACCEPTABLE, desc = "one list")
@Outcome(expect = FORBIDDEN, desc = "the third is not started, or not counted")
public class HandoverRace {
    private final Ending one = new Ending();
    private final Ending two = new Ending();
    private final Hearing<List<Integer>> hearing = new Hearing<>(Long.MAX_VALUE);

    public HandoverRace() {
        Gather.failFast(2, List.of(one, two, Mono.just(3).hide())).subscribe(hearing);
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
        r.r2 = hearing.discarded.get();
    }
}
