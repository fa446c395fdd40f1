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
 * Two sources of a {@code firstSuccess} end with a value at the same time.
 *
 * <p>Allowed: one value is told, the other discarded. Forbidden: both told, or one lost.
 */
@JCStressTest
@State
@Outcome(id = "1, 1", expect = ACCEPTABLE, desc = "one told, the other discarded")
@Outcome(expect = FORBIDDEN, desc = "a value is lost or told twice")
public class TwoSuccessesRace {
    private final Ending one = new Ending();
    private final Ending two = new Ending();
    private final Hearing<Integer> hearing = new Hearing<>(Long.MAX_VALUE);

    public TwoSuccessesRace() {
        Gather.firstSuccess(List.of(one, two)).subscribe(hearing);
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
