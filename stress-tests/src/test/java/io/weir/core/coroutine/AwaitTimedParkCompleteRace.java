package io.weir.core.coroutine;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import java.time.Duration;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/**
 * A thread awaits a Mono with a bound, as a clean-up does, while that completes.
 *
 * <p>Allowed: the value is returned. Forbidden: the thread sleeps on, or does not see the value, or gives up.
 */
@JCStressTest
@State
@Outcome(id = "1, 0", expect = ACCEPTABLE, desc = "returned")
@Outcome(expect = FORBIDDEN, desc = "a wake-up or the value is lost")
public class AwaitTimedParkCompleteRace {
    private static final Duration LONG = Duration.ofSeconds(60);

    private final HandFed source = new HandFed();
    private final Watch watch = new Watch();

    @Actor
    public void wait(II_Result r) {
        watch.over(() -> r.r1 = Coroutine.awaitShielded(LONG, source));
    }

    @Actor
    public void complete(II_Result r) {
        source.met().onNext(1);
        source.met().onComplete();
        r.r2 = watch.slept();
    }
}
