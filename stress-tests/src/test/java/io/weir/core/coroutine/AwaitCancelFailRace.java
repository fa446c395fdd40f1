package io.weir.core.coroutine;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.IIII_Result;

/**
 * A body that awaits a Mono is cancelled, and the Mono fails just then.
 *
 * <p>Allowed: the Mono was cancelled and the error dropped; or the error came before the thread was awake, and the body's own error was
 * dropped, which is the same. Forbidden: an error that is told after the cancel, lost or seen twice, or a thread that keeps the interrupt.
 */
@JCStressTest
@State
@Outcome(id = "0, 1, 1, 0", expect = ACCEPTABLE, desc = "the wait was cancelled, the error dropped")
@Outcome(id = "0, 1, 0, 0", expect = ACCEPTABLE, desc = "the error came, and what the body threw was dropped")
@Outcome(expect = FORBIDDEN, desc = "the error is told, lost or doubled, or the thread keeps the flag")
public class AwaitCancelFailRace {
    private final Witness witness = new Witness();
    private final HandFed source = new HandFed();
    private final Body body = new Body(witness, () -> Coroutine.await(source));

    @Actor
    public void run(IIII_Result r) {
        body.run();
        r.r4 = Thread.interrupted() ? 1 : 0;
    }

    @Actor
    public void cancelAndFail() {
        source.met();
        body.cancel();
        source.met().onError(new IllegalStateException("race"));
    }

    @Arbiter
    public void end(IIII_Result r) {
        r.r1 = witness.told();
        r.r2 = witness.dropped.get();
        r.r3 = source.cancelled.get();
    }
}
