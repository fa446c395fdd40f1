package io.weir.http;

/** Where in its life a fetch is. A fetch that follows redirects goes through them once for each hop. */
public enum FetchPhase {
    /** The request is being checked; nothing has started. */
    REQUEST,
    /** Waiting at the client's gate for a permit of the host and one of the total. */
    QUEUE,
    /** Looking up the host's addresses. */
    DNS,
    /** Opening a TCP connection, or waiting for the pool to give one back. */
    CONNECT,
    /** The TLS handshake. */
    TLS,
    /** Writing the request. Has no limit of its own: the total bounds it. */
    SEND,
    /** Waiting for the response's status and headers, from when the request was written. */
    HEADERS,
    /** Reading the response's body. */
    BODY,
    /** Waiting before it is sent again, with no permit and no connection. Bounded by the {@link RetryPolicy} and the total. */
    BACKOFF,
    /** The response is complete. */
    DONE
}
