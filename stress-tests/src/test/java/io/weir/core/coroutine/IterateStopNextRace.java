package io.weir.core.coroutine;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.IIII_Result;

/**
 * A loop runs while another thread, between two elements of the publisher, closes its iterator.
 *
 * <p>Allowed: the loop ends; each element is seen or discarded. Forbidden: the loop waits on, an element is lost or counted twice, or the
 * publisher is not cancelled.
 */
@JCStressTest
@State
@Outcome(id = "2, 1, 11, 0", expect = ACCEPTABLE, desc = "the loop ends, and each element is seen or discarded")
@Outcome(expect = FORBIDDEN, desc = "the loop goes on, or an element is lost or doubled")
public class IterateStopNextRace {
    private final Witness witness = new Witness();
    private final HandFed source = new HandFed();
    private final AtomicInteger seen = new AtomicInteger();
    private final Watch watch = new Watch();
    private final AtomicReference<@Nullable AsyncIterator<Integer>> iterator = new AtomicReference<>();
    private final Body body = new Body(witness, () -> {
        try (AsyncIterator<Integer> all = Coroutine.iterate(source, 2)) {
            iterator.set(all);
            for (int next : all) {
                seen.addAndGet(next);
            }
        }
        return 1;
    });

    @Actor
    public void iterate() {
        watch.over(body);
    }

    @Actor
    public void emitAndClose(IIII_Result r) {
        AsyncIterator<Integer> all = iterator.get();
        while (all == null) {
            Thread.onSpinWait();
            all = iterator.get();
        }
        source.met().onNext(1);
        all.close();
        source.met().onNext(1);
        r.r4 = watch.slept();
    }

    @Arbiter
    public void end(IIII_Result r) {
        r.r1 = seen.get() + witness.discarded.get();
        r.r2 = source.cancelled.get();
        r.r3 = witness.told();
    }
}
