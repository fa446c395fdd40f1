package io.weir.core.task;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;
import reactor.core.publisher.Mono;

/**
 * A task is started while the last one of its group ends; the body has ended before.
 *
 * <p>Allowed: it was rejected, and the group has ended; or it was taken, and the group ends with it.
 */
@JCStressTest
@State
@Outcome(id = "0, 1, 1", expect = ACCEPTABLE, desc = "rejected")
@Outcome(id = "1, 0, 1", expect = ACCEPTABLE, desc = "taken, and waited for")
@Outcome(expect = FORBIDDEN, desc = "the group ended without its task, or never")
public class GroupStartEndRace {
    private final HandFed last = new HandFed();
    private final HandFed source = new HandFed();
    private final Witness<String> told = new Witness<>();
    private @Nullable TaskGroup group;
    private boolean taken;

    public GroupStartEndRace() {
        TaskGroup.using(own -> {
                    group = own;
                    own.start("last", last);
                    return Mono.just("body");
                })
                .subscribe(told);
    }

    @Actor
    public void start() {
        try {
            Objects.requireNonNull(group).start("t", source);
            taken = true;
        } catch (TaskRejectedException expected) {
            taken = false;
        }
    }

    @Actor
    public void end() {
        last.succeed();
    }

    @Arbiter
    public void end(III_Result r) {
        r.r1 = taken ? 1 : 0;
        r.r2 = told.code();
        source.succeed();
        r.r3 = told.code();
    }
}
