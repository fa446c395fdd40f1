package io.weir.demos.crawl;

import io.weir.http.FetchResponse;

/** Makes an answer that says "not now" an error, which is what Reactor's retry looks at. */
final class BusyException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient FetchResponse response;

    BusyException(FetchResponse response) {
        // It never leaves its chain, so where it was made is of no interest.
        super("status " + response.status(), null, false, false);
        this.response = response;
    }

    FetchResponse response() {
        return response;
    }
}
