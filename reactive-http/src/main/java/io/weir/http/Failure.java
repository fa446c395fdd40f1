package io.weir.http;

import java.time.Duration;

/** What every {@link FetchException} tells of the moment it happened in. */
record Failure(FetchPhase phase, String host, String uri, Sent sent, Duration elapsed, int attempts) {

    Failure(FetchPhase phase, String host, String uri, Sent sent, Duration elapsed) {
        this(phase, host, uri, sent, elapsed, 1);
    }

    /** Before there was a URL that may be shown. */
    static Failure ofRequest() {
        return new Failure(FetchPhase.REQUEST, "", "", Sent.NO, Duration.ZERO);
    }

    String describe(String what) {
        if (uri.isEmpty()) {
            return what;
        }
        return what + " [" + uri + ", phase " + phase + ", sent " + sent + ", after " + elapsed.toMillis() + " ms"
                + (attempts > 1 ? ", attempt " + attempts : "") + "]";
    }
}
