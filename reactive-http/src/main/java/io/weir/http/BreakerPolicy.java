package io.weir.http;

import java.time.Duration;

/**
 * When a host that keeps failing is left alone for a while. Immutable. Off unless set: {@link FetchClientBuilder#breaker}.
 *
 * <p>For each host (name and port): <b>closed</b>, everybody passes, and the last {@code window} outcomes are kept. When it is full and at least {@code percent}
 * of it are failures, it <b>opens</b>: fetches to this host fail at once with {@link CircuitOpenException}, those that wait at the gate
 * too. After {@code openFor} it is <b>half-open</b>: one fetch passes as a probe. If it succeeds, the circuit is closed, with an empty
 * window; if it fails, it is open for as long again; if it is cancelled, the next fetch is the probe.
 *
 * <p>A failure is: no connection, a connection that broke, a time-out after the gate, a status from 500 on. What is cancelled counts
 * neither way, nor do errors that are not the host's.
 */
public final class BreakerPolicy {
    private static final BreakerPolicy STANDARD = new BreakerPolicy(20, 50, Duration.ofSeconds(10));

    private final int window;
    private final int percent;
    private final Duration openFor;

    private BreakerPolicy(int window, int percent, Duration openFor) {
        this.window = window;
        this.percent = percent;
        this.openFor = openFor;
    }

    /**
     * Half of the last 20 opens it, for 10 s.
     *
     * @return the policy
     */
    public static BreakerPolicy standard() {
        return STANDARD;
    }

    /**
     * The same policy with another threshold.
     *
     * @param percent how much of the window opens the circuit, from 1 to 100
     * @param window how many outcomes are looked at, from 1 to 1000
     * @return the policy
     */
    public BreakerPolicy opensAt(int percent, int window) {
        if (percent < 1 || percent > 100 || window < 1 || window > 1000) {
            throw new IllegalArgumentException(
                    "percent must be from 1 to 100 and window from 1 to 1000: " + percent + " and " + window);
        }
        return new BreakerPolicy(window, percent, openFor);
    }

    /**
     * The same policy with another rest.
     *
     * @param rest how long the host is left alone
     * @return the policy
     */
    public BreakerPolicy openFor(Duration rest) {
        return new BreakerPolicy(window, percent, Limits.positive("openFor", rest));
    }

    int window() {
        return window;
    }

    int percent() {
        return percent;
    }

    Duration openFor() {
        return openFor;
    }
}
