package io.weir.http;

import io.weir.core.sync.RateLimiter;
import org.jspecify.annotations.Nullable;

/** What is remembered of one host beyond the moment. */
final class HostState {
    final RetryBudget budget;
    final @Nullable Breaker breaker;
    final @Nullable RateLimiter limiter;
    final @Nullable Latencies latencies;
    volatile long usedAt;

    HostState(Policies policies) {
        this.budget = policies.retry().newBudget();
        this.breaker = policies.breaker() == null ? null : new Breaker(policies.breaker());
        this.limiter =
                policies.rateLimit() == null ? null : policies.rateLimit().newLimiter();
        this.latencies = policies.hedge() != null && policies.hedge().needsLatencies() ? new Latencies() : null;
    }

    /** Somebody stands in it, so another one in its place would be wrong. */
    boolean isBusy() {
        return limiter != null && limiter.waiting() > 0;
    }
}
