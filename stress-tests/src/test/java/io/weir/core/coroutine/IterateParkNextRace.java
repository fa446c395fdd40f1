package io.weir.core.coroutine;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/**
 * A loop looks for the next element while the publisher emits it, and completes.
 *
 * <p>Allowed: the loop sees the element and the end. Forbidden: the thread sleeps on, or misses the element.
 */
@JCStressTest
@State
@Outcome(id = "1, 0", expect = ACCEPTABLE, desc = "seen")
@Outcome(expect = FORBIDDEN, desc = "a wake-up or the element is lost")
public class IterateParkNextRace {
    private final HandFed source = new HandFed();
    private final Watch watch = new Watch();

    @Actor
    public void iterate(II_Result r) {
        watch.over(() -> {
            try (AsyncIterator<Integer> all = Coroutine.iterate(source, 2)) {
                for (int next : all) {
                    r.r1 += next;
                }
            }
        });
    }

    @Actor
    public void emit(II_Result r) {
        source.met().onNext(1);
        source.met().onComplete();
        r.r2 = watch.slept();
    }
}
