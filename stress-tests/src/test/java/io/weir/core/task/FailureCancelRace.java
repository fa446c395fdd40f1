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
 * A source of a {@code failFast} fails while the subscriber cancels.
 *
 * <p>Allowed: the error is told, or dropped by the hook. Forbidden: an error that nobody hears of.
 */
@JCStressTest
@State
@Outcome(id = "2, 0", expect = ACCEPTABLE, desc = "the error is told")
@Outcome(id = "10, 0", expect = ACCEPTABLE, desc = "the error is dropped by the hook")
@Outcome(expect = FORBIDDEN, desc = "the error is lost")
public class FailureCancelRace {
    private final Ending one = new Ending();
    private final Hearing<List<Integer>> hearing = new Hearing<>(Long.MAX_VALUE);

    public FailureCancelRace() {
        Gather.failFast(List.of(one)).subscribe(hearing);
    }

    @Actor
    public void fail() {
        one.fail(new IllegalStateException("one"));
    }

    @Actor
    public void cancel() {
        hearing.cancel();
    }

    @Arbiter
    public void end(II_Result r) {
        r.r1 = hearing.code();
        r.r2 = hearing.discarded.get();
    }
}
