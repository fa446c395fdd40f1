package io.weir.http;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A fetch that gave no response. The tree is shown in the package's description.
 *
 * <p>Neither the message nor {@link #uri()} ever holds user information, a query or a fragment, which is where credentials
 * stand; the path is shown. The cause, where there is one, is the transport's own error, kept for its stack trace: its type
 * is not part of the contract.
 */
public abstract sealed class FetchException extends RuntimeException
        permits FetchRequestException,
                FetchTimeoutException,
                FetchLimitException,
                FetchConnectException,
                FetchDisconnectedException,
                FetchProtocolException,
                FetchContentException,
                FetchRedirectException,
                FetchStatusException,
                FetchClosedException,
                CircuitOpenException {
    private static final long serialVersionUID = 1L;

    private final transient Failure failure;

    FetchException(String what, Failure failure, @Nullable Throwable cause) {
        super(failure.describe(what), cause);
        this.failure = failure;
    }

    /**
     * Where in its life the fetch was.
     *
     * @return the phase
     */
    public final FetchPhase phase() {
        return failure.phase();
    }

    /**
     * Whom it was talking to, or about to: after a redirect the host it led to.
     *
     * @return {@code host:port}, or the empty string where no URL could be read
     */
    public final String host() {
        return failure.host();
    }

    /**
     * What it was fetching, after redirects.
     *
     * @return scheme, host, port and path; a query is shown as {@code ?…}
     */
    public final String uri() {
        return failure.uri();
    }

    /**
     * Whether the server may have seen the request of the last hop.
     *
     * @return what is known of it
     */
    public final Sent sent() {
        return failure.sent();
    }

    /**
     * How long the fetch had been going, its wait at the gate and its redirects included.
     *
     * @return the time since it was subscribed to
     */
    public final Duration elapsed() {
        return failure.elapsed();
    }

    /**
     * How often a request was sent, or was about to be: 1, and 1 more for each repetition and each hedge. The errors of
     * earlier attempts are suppressed on this one.
     *
     * @return 1 or more, where the fetch has begun
     */
    public final int attempts() {
        return failure.attempts();
    }

    /**
     * Whether the same fetch may well succeed later. Together with {@link #sent()} this is what a {@link
     * RetryPolicy} asks for.
     *
     * @return false where trying again would fail in the same way
     */
    public abstract boolean isTransient();

    final Failure failure() {
        return failure;
    }
}
