package io.weir.core.coroutine;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import java.util.concurrent.atomic.AtomicInteger;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.IIII_Result;

/**
 * A loop takes one element and is left, while the publisher emits two.
 *
 * <p>Allowed: one is seen, and the other one discarded. Forbidden: one is lost, or both seen and discarded, or the thread sleeps on.
 */
@JCStressTest
@State
@Outcome(id = "1, 1, 1, 0", expect = ACCEPTABLE, desc = "seen and discarded")
@Outcome(expect = FORBIDDEN, desc = "an element is lost or doubled")
public class IterateNextCloseRace {
    private final Witness witness = new Witness();
    private final HandFed source = new HandFed();
    private final AtomicInteger seen = new AtomicInteger();
    private final Watch watch = new Watch();
    private final Body body = new Body(witness, () -> {
        try (AsyncIterator<Integer> all = Coroutine.iterate(source, 2)) {
            all.next();
            seen.incrementAndGet();
        }
        return null;
    });

    @Actor
    public void iterate() {
        watch.over(body);
    }

    @Actor
    public void emit(IIII_Result r) {
        source.met().onNext(1);
        source.met().onNext(2);
        r.r4 = watch.slept();
    }

    @Arbiter
    public void end(IIII_Result r) {
        r.r1 = seen.get();
        r.r2 = witness.discarded.get();
        r.r3 = source.cancelled.get();
    }
}
