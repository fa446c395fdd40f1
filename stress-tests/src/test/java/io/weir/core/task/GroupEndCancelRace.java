package io.weir.core.task;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;
import reactor.core.publisher.Mono;

/**
 * The last task of a group ends, and so the group, while its subscriber cancels. The body's value is there already.
 *
 * <p>Allowed: the value is told or discarded. Forbidden: neither, or both.
 */
@JCStressTest
@State
@Outcome(id = "1, 0", expect = ACCEPTABLE, desc = "told")
@Outcome(id = "0, 1", expect = ACCEPTABLE, desc = "discarded")
@Outcome(expect = FORBIDDEN, desc = "the value is lost, or told and discarded")
public class GroupEndCancelRace {
    private final HandFed task = new HandFed();
    private final Witness<String> told = new Witness<>();

    public GroupEndCancelRace() {
        TaskGroup.using(group -> {
                    group.start("t", task);
                    return Mono.just("body");
                })
                .subscribe(told);
    }

    @Actor
    public void end() {
        task.complete();
    }

    @Actor
    public void cancel() {
        told.cancel();
    }

    @Arbiter
    public void end(II_Result r) {
        r.r1 = told.code();
        r.r2 = told.discarded.get();
    }
}
