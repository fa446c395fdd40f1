package io.weir.demos.crawl;

import io.weir.http.FetchClosedException;
import io.weir.http.FetchConnectException;
import io.weir.http.FetchDisconnectedException;
import io.weir.http.FetchException;
import io.weir.http.FetchLimitException;
import io.weir.http.FetchPhase;
import io.weir.http.FetchProtocolException;
import io.weir.http.FetchRedirectException;
import io.weir.http.FetchTimeoutException;
import java.util.Locale;

/** How a visit ended. Every URL that entered the frontier ends in exactly one of these. */
enum PageOutcome {
    /** Answered with a 2xx, and kept if pages are kept. */
    OK,
    /** Led to another URL, which has a line of its own. */
    REDIRECTED,
    /** Answered with a status that is no success. */
    HTTP_ERROR(true, true),
    REDIRECT_LOOP(true, true),
    TOO_MANY_REDIRECTS(true, true),
    /** Led to something that is no URL. */
    REDIRECT_INVALID(true, true),
    /** Led from https to http. */
    REDIRECT_REFUSED(true, false),
    /** Led to a host that is not to be crawled. */
    REDIRECT_ELSEWHERE,
    /** robots.txt says no; it was never asked for. */
    ROBOTS_DENIED,
    UNKNOWN_HOST(true, true),
    CONNECT_FAILED(true, true),
    TLS_FAILED(true, true),
    TIMEOUT(true, true),
    /** The connection ended before the answer did. */
    DISCONNECTED(true, true),
    /** What came back was not HTTP. */
    BAD_RESPONSE(true, true),
    /** More than --max-body. */
    TOO_LARGE(true, false),
    /** It was fetched, and could not be parsed. */
    PARSE_FAILED(true, false),
    /** It was fetched, and could not be written. */
    STORE_FAILED(true, false),
    /** The crawl was stopped before it was its turn, or while it was fetched. */
    INTERRUPTED,
    /** Anything else that went wrong. */
    FAILED(true, false);

    private final boolean failure;
    private final boolean broken;

    PageOutcome() {
        this(false, false);
    }

    PageOutcome(boolean failure, boolean broken) {
        this.failure = failure;
        this.broken = broken;
    }

    /** The name for what the client could not do. */
    static PageOutcome of(FetchException error) {
        if (error instanceof FetchRedirectException redirect) {
            return switch (redirect.reason()) {
                case LOOP -> REDIRECT_LOOP;
                case LIMIT -> TOO_MANY_REDIRECTS;
                case INVALID -> REDIRECT_INVALID;
                case REFUSED -> REDIRECT_REFUSED;
            };
        }
        if (error instanceof FetchConnectException) {
            return switch (error.phase()) {
                case DNS -> UNKNOWN_HOST;
                case TLS -> TLS_FAILED;
                default -> CONNECT_FAILED;
            };
        }
        if (error instanceof FetchLimitException) {
            return error.phase() == FetchPhase.QUEUE ? FAILED : TOO_LARGE;
        }
        if (error instanceof FetchTimeoutException) {
            return TIMEOUT;
        }
        if (error instanceof FetchDisconnectedException) {
            return DISCONNECTED;
        }
        if (error instanceof FetchProtocolException) {
            return BAD_RESPONSE;
        }
        return error instanceof FetchClosedException ? INTERRUPTED : FAILED;
    }

    /** Whether {@code --strict} counts it. */
    boolean isFailure() {
        return failure;
    }

    /** Whether a link to it is a broken link. */
    boolean isBroken() {
        return broken;
    }

    /** As the report spells it. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
