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
 * The first request starts two sources that end at once, while the subscriber cancels.
 *
 * <p>Allowed: the list is told, or what was made is discarded. Forbidden: a value that was made is neither told nor discarded, or both.
 */
@JCStressTest
@State
@Outcome(id = "1, 0", expect = ACCEPTABLE, desc = "the list is told")
@Outcome(id = "0, 0", expect = ACCEPTABLE, desc = "what was made is discarded")
@Outcome(expect = FORBIDDEN, desc = "a value is lost, or discarded twice")
public class StartCancelRace {
    private final Hearing<List<Integer>> hearing = new Hearing<>(0);
    private int made;

    public StartCancelRace() {
        Mono<Integer> source = Mono.fromSupplier(() -> made++);
        Gather.failFast(List.of(source, source.hide())).subscribe(hearing);
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
        r.r1 = hearing.code();
        r.r2 = hearing.code() == 1 ? hearing.discarded.get() : made - hearing.discarded.get();
    }
}
