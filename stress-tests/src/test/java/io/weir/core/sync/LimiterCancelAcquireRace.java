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
 * The only one who waits at a limiter is cancelled, which stops the timer, while another comes, who needs one.
 *
 * <p>Allowed: the other waits, with one timer, and is served by it. Forbidden: it waits without a timer; or with two.
 */
@JCStressTest
@State
@Outcome(id = "0, 11, 3", expect = ACCEPTABLE, desc = "served when the token came")
@Outcome(expect = FORBIDDEN, desc = "one waits without a timer")
public class LimiterCancelAcquireRace {
    private final ManualTime time = new ManualTime();
    private final RateLimiter limiter = RateLimiter.of(1, Duration.ofSeconds(1), 1);
    private final Probe<Void> first = new Probe<>();
    private final Probe<Void> second = new Probe<>();

    public LimiterCancelAcquireRace() {
        time.acquire(limiter, new Probe<>()); // what the bucket held
        time.acquire(limiter, first);
    }

    @Actor
    public void cancel() {
        first.cancel();
    }

    @Actor
    public void acquire() {
        time.acquire(limiter, second);
    }

    @Arbiter
    public void end(III_Result r) {
        r.r1 = first.code() + second.code();
        r.r2 = limiter.waiting() + 10 * time.pending();
        time.advance(1);
        r.r3 = second.code();
    }
}
