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
 * A source of an {@code asCompleted} ends with a value while the subscriber cancels.
 *
 * <p>Allowed: the value is told or discarded. Forbidden: neither, or both.
 */
@JCStressTest
@State
@Outcome(id = "4, 0", expect = ACCEPTABLE, desc = "told, then cancelled")
@Outcome(id = "1, 0", expect = ACCEPTABLE, desc = "told, and the end")
@Outcome(id = "0, 1", expect = ACCEPTABLE, desc = "discarded")
@Outcome(expect = FORBIDDEN, desc = "the value is lost, or told and discarded")
public class AsCompletedEndCancelRace {
    private final Ending one = new Ending();
    private final Hearing<Completion<Integer>> hearing = new Hearing<>(Long.MAX_VALUE);

    public AsCompletedEndCancelRace() {
        Gather.asCompleted(List.of(one)).subscribe(hearing);
    }

    @Actor
    public void succeed() {
        one.succeed(1);
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
