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
 * A thread gives up its wait, as it was interrupted by somebody else, while the Mono gives its value.
 *
 * <p>Allowed: the value is told; or the Mono was cancelled, the value discarded, and the interrupt told. Forbidden: a value that is lost or
 * seen twice, or a thread that keeps the interrupt.
 */
@JCStressTest
@State
@Outcome(id = "11, 0, 0, 0", expect = ACCEPTABLE, desc = "told")
@Outcome(id = "100, 1, 1, 0", expect = ACCEPTABLE, desc = "the wait was given up, the value discarded")
@Outcome(expect = FORBIDDEN, desc = "the value is lost or doubled, or the thread keeps the flag")
public class AwaitInterruptCompleteRace {
    private final Witness witness = new Witness();
    private final HandFed source = new HandFed();
    private final Body body = new Body(witness, () -> {
        Thread.currentThread().interrupt();
        return Coroutine.await(source);
    });

    @Actor
    public void run(IIII_Result r) {
        body.run();
        r.r4 = Thread.interrupted() ? 1 : 0;
    }


    @Actor
    public void complete() {
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
