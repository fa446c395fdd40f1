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
 * A body that iterates is cancelled while the publisher emits.
 *
 * <p>Allowed: the element is seen or discarded, the publisher cancelled, and the loop left. Forbidden: the thread sleeps on or keeps the interrupt, or the
 * element is lost or counted twice.
 */
@JCStressTest
@State
@Outcome(id = "1, 1, 0, 0", expect = ACCEPTABLE, desc = "left")
@Outcome(expect = FORBIDDEN, desc = "the loop goes on, or the element is lost or doubled")
public class IterateCancelNextRace {
    private final Witness witness = new Witness();
    private final HandFed source = new HandFed();
    private final AtomicInteger seen = new AtomicInteger();
    private final Watch watch = new Watch();
    private final Body body = new Body(witness, () -> {
        try (AsyncIterator<Integer> all = Coroutine.iterate(source, 2)) {
            for (int next : all) {
                seen.addAndGet(next);
            }
        }
        return null;
    });

    @Actor
    public void iterate(IIII_Result r) {
        watch.over(body);
        r.r3 = Thread.interrupted() ? 1 : 0;
    }

    @Actor
    public void cancelAndEmit(IIII_Result r) {
        source.met();
        body.cancel();
        source.met().onNext(1);
        r.r4 = watch.slept();
    }

    @Arbiter
    public void end(IIII_Result r) {
        r.r1 = seen.get() + witness.discarded.get();
        r.r2 = source.cancelled.get() + witness.told();
    }
}
