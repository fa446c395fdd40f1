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
 * A body that awaits a Mono is cancelled, and the Mono gives its value just then.
 *
 * <p>Allowed: the Mono was cancelled and the value discarded; or the value came before the thread was awake, and the body's result was
 * discarded. Forbidden: a value that is told after the cancel, lost or seen twice, or a thread that keeps the interrupt.
 */
@JCStressTest
@State
@Outcome(id = "0, 1, 1, 0", expect = ACCEPTABLE, desc = "the wait was cancelled, the value discarded")
@Outcome(id = "0, 1, 0, 0", expect = ACCEPTABLE, desc = "the value came, and what the body returned was discarded")
@Outcome(expect = FORBIDDEN, desc = "the value is told, lost or doubled, or the thread keeps the flag")
public class AwaitCancelCompleteRace {
    private final Witness witness = new Witness();
    private final HandFed source = new HandFed();
    private final Body body = new Body(witness, () -> Coroutine.await(source));

    @Actor
    public void run(IIII_Result r) {
        body.run();
        r.r4 = Thread.interrupted() ? 1 : 0;
    }

    @Actor
    public void cancelAndComplete() {
        source.met();
        body.cancel();
        source.met().onNext(1);
        source.met().onComplete();
    }

    @Arbiter
    public void end(IIII_Result r) {
        r.r1 = witness.told();
        r.r2 = witness.discarded.get();
        r.r3 = source.cancelled.get();
    }
}
