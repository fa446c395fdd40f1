package io.weir.http;

import io.weir.core.sync.RateLimiter;
import java.time.Duration;

/**
 * How many requests a host may be sent in a time, evenly spread. Immutable. Off unless set: {@link FetchClientBuilder#rateLimit}.
 *
 * <p>For each host (name and port), repetitions and hedges included, redirects too. Who waits for its turn waits at the gate: within {@code
 * queueTimeout}, in order of arrival, and without a permit that another host could use.
 */
public final class RateLimit {
    private final int requests;
    private final Duration period;
    private final int burst;

    private RateLimit(int requests, Duration period, int burst) {
        RateLimiter.of(requests, period, burst);
        this.requests = requests;
        this.period = period;
        this.burst = burst;
    }

    /**
     * So many in a time, one at a time.
     *
     * @param requests how many may be sent in {@code period}, at least 1
     * @param period the time for that many, more than zero
     * @return the limit
     */
    public static RateLimit of(int requests, Duration period) {
        return new RateLimit(requests, period, 1);
    }

    /**
     * The same limit with a burst.
     *
     * @param requests how many may be sent at once after a quiet time, at least 1
     * @return the limit
     */
    public RateLimit burst(int requests) {
        return new RateLimit(this.requests, period, requests);
    }

    RateLimiter newLimiter() {
        return RateLimiter.of(requests, period, burst);
    }

    /** How long after its last use the bucket is full, and need not be remembered. */
    Duration memory() {
        return period.multipliedBy(burst).dividedBy(requests);
    }
}
