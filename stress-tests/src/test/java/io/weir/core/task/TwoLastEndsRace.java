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
 * The last two sources of a {@code settled} end at the same time.
 *
 * <p>Allowed: one list. Forbidden: none, or two.
 */
@JCStressTest
@State
@Outcome(id = "1, 0", expect = ACCEPTABLE, desc = "one list")
@Outcome(expect = FORBIDDEN, desc = "no list, or two")
public class TwoLastEndsRace {
    private final Ending one = new Ending();
    private final Ending two = new Ending();
    private final Hearing<List<io.weir.core.task.Outcome<Integer>>> hearing = new Hearing<>(Long.MAX_VALUE);

    public TwoLastEndsRace() {
        Gather.<Integer>settled(List.of(one, two)).subscribe(hearing);
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
