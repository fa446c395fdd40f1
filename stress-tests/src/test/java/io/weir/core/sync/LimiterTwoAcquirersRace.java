package io.weir.core.sync;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import java.time.Duration;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;

/**
 * Two threads come to a limiter that has one token.
 *
 * <p>Allowed: one of them has it; the other waits, with a timer, and has the next. Forbidden: both have it, or the other
 * waits for ever.
 */
@JCStressTest
@State
@Outcome(id = "3, 11, 33", expect = ACCEPTABLE, desc = "one after the other")
@Outcome(expect = FORBIDDEN, desc = "a token was made up, or one waits without a timer")
public class LimiterTwoAcquirersRace {
    private final ManualTime time = new ManualTime();
    private final RateLimiter limiter = RateLimiter.of(1, Duration.ofSeconds(1), 1);
    private final Probe<Void> first = new Probe<>();
    private final Probe<Void> second = new Probe<>();

    @Actor
    public void first() {
        time.acquire(limiter, first);
    }

    @Actor
    public void second() {
        time.acquire(limiter, second);
    }

    @Arbiter
    public void end(III_Result r) {
        r.r1 = first.code() + second.code();
        r.r2 = limiter.waiting() + 10 * time.pending();
        time.advance(1);
        r.r3 = 10 * first.code() + second.code();
    }
}
