package io.weir.core.coroutine;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import java.util.concurrent.atomic.AtomicBoolean;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;

/**
 * A body runs and returns while it is cancelled.
 *
 * <p>Allowed: its value is told; or discarded; or it never ran. Forbidden: a value that is lost or seen twice, or a thread that keeps
 * the interrupt for whom it serves next.
 */
@JCStressTest
@State
@Outcome(id = "11, 0, 0", expect = ACCEPTABLE, desc = "told")
@Outcome(id = "0, 1, 0", expect = ACCEPTABLE, desc = "discarded")
@Outcome(id = "0, 0, 0", expect = ACCEPTABLE, desc = "it never ran")
@Outcome(expect = FORBIDDEN, desc = "the value is lost or doubled, or the thread keeps the flag")
public class BodyReturnCancelRace {
    private final Witness witness = new Witness();
    private final AtomicBoolean ran = new AtomicBoolean();
    private volatile boolean cancelled;
    private final Body body = new Body(witness, () -> {
        ran.set(true);
        return 1;
    });

    @Actor
    public void run(III_Result r) {
        body.run();
        while (!cancelled) {
            Thread.onSpinWait(); // an interrupt that comes late is to be seen
        }
        r.r3 = Thread.interrupted() ? 1 : 0;
    }

    @Actor
    public void cancel() {
        body.cancel();
        cancelled = true;
    }

    @Arbiter
    public void end(III_Result r) {
        r.r1 = witness.told();
        r.r2 = witness.discarded.get();
        if (ran.get() && r.r1 + r.r2 == 0) {
            r.r2 = 9;
        }
    }
}
