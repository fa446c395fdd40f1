package io.weir.core.task;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.weir.core.CapturedTimer;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;

/**
 * A task is started while its group is closed.
 *
 * <p>Allowed: it was rejected, and the group has ended; or it was taken, and the group ends with it. Forbidden: the group ends without
 * it, or never.
 */
@JCStressTest
@State
@Outcome(id = "0, 3, 3", expect = ACCEPTABLE, desc = "rejected")
@Outcome(id = "1, 0, 3", expect = ACCEPTABLE, desc = "taken, and waited for")
@Outcome(expect = FORBIDDEN, desc = "the group ended without its task, or never")
public class GroupStartCloseRace {
    static {
        CapturedTimer.install();
    }

    private final HandFed source = new HandFed();
    private final TaskGroup group = TaskGroup.open();
    private final Witness<Void> closed = new Witness<>();
    private boolean taken;

    @Actor
    public void start() {
        try {
            group.start("t", source);
            taken = true;
        } catch (TaskRejectedException expected) {
            taken = false;
        }
    }

    @Actor
    public void close() {
        group.close().subscribe(closed);
    }

    @Arbiter
    public void end(III_Result r) {
        r.r1 = taken ? 1 : 0;
        r.r2 = closed.code();
        source.succeed();
        r.r3 = closed.code();
        group.cancel("over"); // the tree keeps it otherwise
    }
}
