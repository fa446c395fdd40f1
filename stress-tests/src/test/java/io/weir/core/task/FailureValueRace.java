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

/**
 * One source of a {@code failFast} fails while the other ends with a value.
 *
 * <p>Allowed: the error is told, the value discarded. Forbidden: a list, or a value lost.
 */
@JCStressTest
@State
@Outcome(id = "2, 1", expect = ACCEPTABLE, desc = "the error told, the value discarded")
@Outcome(expect = FORBIDDEN, desc = "the value is lost")
public class FailureValueRace {
    private final Ending one = new Ending();
    private final Ending two = new Ending();
    private final Hearing<List<Integer>> hearing = new Hearing<>(Long.MAX_VALUE);

    public FailureValueRace() {
        Gather.failFast(List.of(one, two)).subscribe(hearing);
    }

    @Actor
    public void fail() {
        one.fail(new IllegalStateException("one"));
    }

    @Actor
    public void succeed() {
        two.succeed(2);
    }

    @Arbiter
    public void end(II_Result r) {
        r.r1 = hearing.code();
        r.r2 = hearing.discarded.get();
    }
}
