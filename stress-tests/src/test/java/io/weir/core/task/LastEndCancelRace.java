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
 * The last source of a {@code failFast} ends with a value, while the subscriber cancels; one value is there already, one has ended before.
 *
 * <p>Allowed: the list is told, or all three values are discarded. Forbidden: a value lost, or discarded although it was told.
 */
@JCStressTest
@State
@Outcome(id = "1, 0", expect = ACCEPTABLE, desc = "the list is told")
@Outcome(id = "0, 3", expect = ACCEPTABLE, desc = "all are discarded")
@Outcome(expect = FORBIDDEN, desc = "a value is lost, or told and discarded")
public class LastEndCancelRace {
    private final Ending before = new Ending();
    private final Ending last = new Ending();
    private final Hearing<List<Integer>> hearing = new Hearing<>(Long.MAX_VALUE);

    public LastEndCancelRace() {
        Gather.failFast(List.of(Mono.just(0), before, last)).subscribe(hearing);
        before.succeed(1);
    }

    @Actor
    public void succeed() {
        last.succeed(2);
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
