package io.weir.http;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** How a client goes about it, beside its {@link Limits}. Null is off, and costs nothing. */
record Policies(
        RetryPolicy retry,
        @Nullable HedgePolicy hedge,
        @Nullable BreakerPolicy breaker,
        @Nullable RateLimit rateLimit,
        boolean coalesce,
        List<FetchListener> listeners) {

    static final Policies DEFAULT = new Policies(RetryPolicy.standard(), null, null, null, false, List.of());

    /** Whether something must be known of a host that never failed. */
    boolean remembersAll() {
        return breaker != null || rateLimit != null || (hedge != null && hedge.needsLatencies());
    }
}
