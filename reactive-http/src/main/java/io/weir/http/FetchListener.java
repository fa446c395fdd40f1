package io.weir.http;

import io.weir.core.task.Outcome;
import java.time.Duration;

/**
 * Hears what a client's fetches do: for metrics, tracing and logs. {@link FetchObservations} is one, for Micrometer.
 *
 * <p>Called on the threads that do the work, event loops among them, so it must not block. Each fetch is told of one event after the other, but
 * for one that is {@linkplain #hedged hedged}, whose two requests go on side by side. What a listener throws goes to Reactor's
 * dropped-error hook, and the fetch goes on.
 */
public interface FetchListener {
    /**
     * A fetch begins.
     *
     * @param fetch the fetch
     */
    default void started(FetchProgress fetch) {}

    /**
     * A request of a fetch goes from one phase to another; a fetch that follows redirects or is sent again does so several times.
     *
     * @param fetch the fetch
     * @param from the phase that is over
     * @param took how long it took
     * @param to the phase that begins
     */
    default void phase(FetchProgress fetch, FetchPhase from, Duration took, FetchPhase to) {}

    /**
     * A redirect is followed.
     *
     * @param fetch the fetch
     * @param redirect from where to where
     */
    default void redirected(FetchProgress fetch, Redirect redirect) {}

    /**
     * A request will be sent again.
     *
     * @param fetch the fetch
     * @param why the error, or {@code status 503}
     * @param wait how long it waits before
     */
    default void retrying(FetchProgress fetch, String why, Duration wait) {}

    /**
     * A second request is sent, as the first is slow.
     *
     * @param fetch the fetch
     */
    default void hedged(FetchProgress fetch) {}

    /**
     * A fetch has ended. Told once for each that {@link #started}, before its subscriber hears of it.
     *
     * @param fetch the fetch
     * @param outcome what became of it; {@link Outcome.Cancelled} where its subscriber has cancelled it
     */
    default void ended(FetchProgress fetch, Outcome<?> outcome) {}
}
