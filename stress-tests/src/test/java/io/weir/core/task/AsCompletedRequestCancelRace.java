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
 * Two completions wait; the subscriber asks for one while it cancels.
 *
 * <p>Allowed: one is told and one discarded, or both are discarded. Forbidden: a value lost, or told and discarded.
 */
@JCStressTest
@State
@Outcome(id = "1, 1", expect = ACCEPTABLE, desc = "one told, one discarded")
@Outcome(id = "0, 2", expect = ACCEPTABLE, desc = "both discarded")
@Outcome(expect = FORBIDDEN, desc = "a value is lost, or told and discarded")
public class AsCompletedRequestCancelRace {
    private final Ending one = new Ending();
    private final Ending two = new Ending();
    private final Ending three = new Ending();
    private final Hearing<Completion<Integer>> hearing = new Hearing<>(1);

    public AsCompletedRequestCancelRace() {
        Gather.asCompleted(List.of(one, two, three)).subscribe(hearing);
        one.succeed(1);
        two.succeed(2);
        three.succeed(3);
    }

    @Actor
    public void request() {
        hearing.request(1);
    }

    @Actor
    public void cancel() {
        hearing.cancel();
    }

    @Arbiter
    public void end(II_Result r) {
        r.r1 = hearing.values.get() - 1;
        r.r2 = hearing.discarded.get();
    }
}
