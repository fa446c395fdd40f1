package io.weir.http;

/**
 * The request is not one that can be sent: a URL that is no {@code http} or {@code https} URL, a forbidden character, a
 * header that the client sets itself. The message says which part is wrong and does not repeat it.
 */
public final class FetchRequestException extends FetchException {
    private static final long serialVersionUID = 1L;

    FetchRequestException(String message) {
        super(message, Failure.ofRequest(), null);
    }

    @Override
    public boolean isTransient() {
        return false;
    }
}
