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
 * Two wait at a limiter; a token drops in while another thread cancels the first.
 *
 * <p>Allowed: one of them has the token. If it is the first, the second waits, and a timer is set for it. Forbidden: none has
 * it, or both; or the second waits without a timer, which is for ever.
 */
@JCStressTest
@State
@Outcome(id = "3, 0, 11", expect = ACCEPTABLE, desc = "the first, and the second waits with a timer")
@Outcome(id = "0, 3, 0", expect = ACCEPTABLE, desc = "the second, and no timer is left")
@Outcome(expect = FORBIDDEN, desc = "a token was lost or made up, or one waits without a timer")
public class LimiterTokenCancelRace {
    private final ManualTime time = new ManualTime();
    private final RateLimiter limiter = RateLimiter.of(1, Duration.ofSeconds(1), 1);
    private final Probe<Void> first = new Probe<>();
    private final Probe<Void> second = new Probe<>();

    public LimiterTokenCancelRace() {
        time.acquire(limiter, new Probe<>()); // what the bucket held
        time.acquire(limiter, first);
        time.acquire(limiter, second);
    }

    @Actor
    public void token() {
        time.advance(1);
    }

    @Actor
    public void cancel() {
        first.cancel();
    }

    @Arbiter
    public void end(III_Result r) {
        r.r1 = first.code();
        r.r2 = second.code();
        r.r3 = limiter.waiting() + 10 * time.pending();
    }
}
