package io.weir.http;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * When a second request is sent because the first is slow. Immutable. Off unless set: {@link FetchClientBuilder#hedge}.
 *
 * <p>Only for GET and HEAD, once a fetch, and within the {@linkplain RetryPolicy#budget(int, int) retry budget}. The time counts from when the first request has its permits: to
 * wait at the gate a second time would help nobody. Whichever response starts first is the response, and the other request is
 * cancelled then, which closes its connection; if one fails, the other goes on. The second passes the gate like any other.
 */
public final class HedgePolicy {
    private final @Nullable Duration after;
    private final int percentile;

    private HedgePolicy(@Nullable Duration after, int percentile) {
        this.after = after;
        this.percentile = percentile;
    }

    /**
     * After a fixed time.
     *
     * @param delay how long the first request may take before the second is sent
     * @return the policy
     */
    public static HedgePolicy after(Duration delay) {
        return new HedgePolicy(Limits.positive("delay", delay), 0);
    }

    /**
     * When the first takes longer than this share of the host's recent responses, the last {@value Latencies#SIZE}, did. A host with fewer than
     * {@value Latencies#ENOUGH} is not hedged yet.
     *
     * @param percent from 50 to 99
     * @return the policy
     */
    public static HedgePolicy afterPercentile(int percent) {
        if (percent < 50 || percent > 99) {
            throw new IllegalArgumentException("percent must be from 50 to 99: " + percent);
        }
        return new HedgePolicy(null, percent);
    }

    boolean needsLatencies() {
        return after == null;
    }

    /** In nanoseconds; negative where it is not known yet. */
    long delay(@Nullable Latencies recent) {
        if (after != null) {
            return Limits.nanos(after);
        }
        return recent == null ? -1 : recent.percentile(percentile);
    }
}
