package io.weir.core.coroutine;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/**
 * A loop is left while the publisher emits.
 *
 * <p>Allowed: each of the two elements is discarded. Forbidden: one is lost or discarded twice, or the publisher is not cancelled.
 */
@JCStressTest
@State
@Outcome(id = "2, 1", expect = ACCEPTABLE, desc = "discarded")
@Outcome(expect = FORBIDDEN, desc = "an element is lost or doubled")
public class IterateCloseNextRace {
    private final Witness witness = new Witness();
    private final HandFed source = new HandFed();
    private final Body body = new Body(witness, () -> {
        Coroutine.iterate(source, 2).close();
        return null;
    });

    @Actor
    public void iterate() {
        body.run();
    }

    @Actor
    public void emit() {
        source.met().onNext(1);
        source.met().onNext(2);
    }

    @Arbiter
    public void end(II_Result r) {
        r.r1 = witness.discarded.get();
        r.r2 = source.cancelled.get();
    }
}
