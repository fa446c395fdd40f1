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
 * One waits at a limiter; its token drops in while another thread cancels it.
 *
 * <p>Allowed: it has the token, and who comes next waits, with a timer; or it has not, and who comes next has it. Forbidden: the
 * token is lost with it, or there are two.
 */
@JCStressTest
@State
@Outcome(id = "3, 0, 11", expect = ACCEPTABLE, desc = "it has the token, and the next waits for another")
@Outcome(id = "0, 3, 0", expect = ACCEPTABLE, desc = "its place is returned")
@Outcome(expect = FORBIDDEN, desc = "a token was lost or made up, or one waits without a timer")
public class LimiterLastCancelTimerRace {
    private final ManualTime time = new ManualTime();
    private final RateLimiter limiter = RateLimiter.of(1, Duration.ofSeconds(1), 1);
    private final Probe<Void> first = new Probe<>();
    private final Probe<Void> next = new Probe<>();

    public LimiterLastCancelTimerRace() {
        time.acquire(limiter, new Probe<>()); // what the bucket held
        time.acquire(limiter, first);
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
        time.acquire(limiter, next);
        r.r1 = first.code();
        r.r2 = next.code();
        r.r3 = limiter.waiting() + 10 * time.pending();
    }
}
