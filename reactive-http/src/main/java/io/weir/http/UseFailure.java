package io.weir.http;

/**
 * Carries an error of a user's function past all that would take it for the transport's, or for a reason to send the request
 * again. Opened by {@link Call}.
 */
final class UseFailure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient Throwable error;

    UseFailure(Throwable error) {
        super("a function failed", error, false, false);
        this.error = error;
    }

    Throwable error() {
        return error;
    }
}
