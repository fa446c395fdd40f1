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
 * A source of an {@code asCompleted} ends while the subscriber asks for one more.
 *
 * <p>Allowed: the completion is told and the stream ends. Forbidden: it waits for a demand that is there.
 */
@JCStressTest
@State
@Outcome(id = "1, 2", expect = ACCEPTABLE, desc = "both told")
@Outcome(expect = FORBIDDEN, desc = "a completion waits although it was asked for")
public class AsCompletedEndRequestRace {
    private final Ending one = new Ending();
    private final Hearing<Completion<Integer>> hearing = new Hearing<>(1);

    public AsCompletedEndRequestRace() {
        Gather.asCompleted(List.of(Mono.just(0), one)).subscribe(hearing);
    }

    @Actor
    public void succeed() {
        one.succeed(1);
    }

    @Actor
    public void request() {
        hearing.request(1);
    }

    @Arbiter
    public void end(II_Result r) {
        r.r1 = hearing.code();
        r.r2 = hearing.values.get();
    }
}
