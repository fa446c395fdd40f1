package io.weir.core.task;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;

/**
 * A group is started by the first request, while its subscriber cancels.
 *
 * <p>Allowed: nothing runs. Forbidden: a task or the body goes on without anybody to wait for it.
 */
@JCStressTest
@State
@Outcome(id = "0, 0, 0", expect = ACCEPTABLE, desc = "nothing runs")
@Outcome(expect = FORBIDDEN, desc = "something goes on")
public class GroupRequestCancelRace {
    private final HandFed task = new HandFed();
    private final HandFed body = new HandFed();
    private final Witness<Integer> told = new Witness<>(0);

    public GroupRequestCancelRace() {
        TaskGroup.using(group -> {
                    group.start("t", task);
                    return body;
                })
                .subscribe(told);
    }

    @Actor
    public void request() {
        told.request(1);
    }

    @Actor
    public void cancel() {
        told.cancel();
    }

    @Arbiter
    public void end(III_Result r) {
        r.r1 = told.code();
        r.r2 = task.running();
        r.r3 = body.running();
    }
}
