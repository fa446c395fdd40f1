package io.weir.http;

/** The client was closed before the fetch began, or while it ran. */
public final class FetchClosedException extends FetchException {
    private static final long serialVersionUID = 1L;

    FetchClosedException(Failure failure) {
        super("the client is closed", failure, null);
    }

    @Override
    public boolean isTransient() {
        return false;
    }
}
