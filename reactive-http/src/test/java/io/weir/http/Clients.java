package io.weir.http;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Settings of clients without a network. */
final class Clients {
    static final Limits LIMITS = FetchClient.builder().limits();

    private Clients() {}

    static Policies with(RetryPolicy retry) {
        return new Policies(retry, null, null, null, false, List.of());
    }

    static Policies of(
            @Nullable HedgePolicy hedge,
            @Nullable BreakerPolicy breaker,
            @Nullable RateLimit rateLimit,
            boolean coalesce,
            FetchListener... listeners) {
        RetryPolicy retry = RetryPolicy.none();
        return new Policies(retry, hedge, breaker, rateLimit, coalesce, List.of(listeners));
    }
}
