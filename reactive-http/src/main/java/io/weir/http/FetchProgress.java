package io.weir.http;

import java.time.Duration;
import reactor.util.context.ContextView;

/** One fetch, as a {@link FetchListener} sees it: its identity is the fetch's, and what it tells is of now. */
public interface FetchProgress {
    /**
     * What was asked for.
     *
     * @return the request, before any redirect
     */
    FetchRequest request();

    /**
     * Whom it is talking to, or about to.
     *
     * @return {@code host:port}
     */
    String host();

    /**
     * Where in its life it is.
     *
     * @return the phase of its latest request
     */
    FetchPhase phase();

    /**
     * How often a request was sent, or is about to be, redirects not counted.
     *
     * @return 1, and 1 more for each repetition and each hedge
     */
    int attempts();

    /**
     * The status of the response that it emits.
     *
     * @return 0 where there is none yet
     */
    int status();

    /**
     * How much of that response's body has come.
     *
     * @return bytes
     */
    long bytes();

    /**
     * How long it has been going.
     *
     * @return the time since it was subscribed to
     */
    Duration elapsed();

    /**
     * The subscriber's Context.
     *
     * @return where a listener finds what belongs to the caller, such as a trace
     */
    ContextView context();
}
