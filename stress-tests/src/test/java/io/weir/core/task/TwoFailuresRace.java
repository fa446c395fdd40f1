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
 * Two sources of a {@code failFast} fail at the same time.
 *
 * <p>Allowed: one is told and the other suppressed on it. Forbidden: an error lost, or two told.
 */
@JCStressTest
@State
@Outcome(id = "2, 1", expect = ACCEPTABLE, desc = "one told, the other suppressed on it")
@Outcome(expect = FORBIDDEN, desc = "an error is lost or told twice")
public class TwoFailuresRace {
    private final Ending one = new Ending();
    private final Ending two = new Ending();
    private final Hearing<List<Integer>> hearing = new Hearing<>(Long.MAX_VALUE);

    public TwoFailuresRace() {
        Gather.failFast(List.of(one, two)).subscribe(hearing);
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
    public void end(II_Result r) {
        r.r1 = hearing.code();
        r.r2 = hearing.error == null ? 0 : hearing.error.getSuppressed().length;
    }
}
