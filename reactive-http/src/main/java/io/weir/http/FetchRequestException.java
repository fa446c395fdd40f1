package io.weir.http;

import org.jspecify.annotations.Nullable;

/**
 * The request is not one that can be sent: a URL that is no {@code http} or {@code https} URL, a forbidden character, a
 * header that the client sets itself. The message says which part is wrong and does not repeat it.
 */
public final class FetchRequestException extends FetchException {
    private static final long serialVersionUID = 1L;

    FetchRequestException(String message) {
        this(message, null);
    }

    FetchRequestException(String message, @Nullable Throwable cause) {
        super(message, Failure.ofRequest(), cause);
    }

    @Override
    public boolean isTransient() {
        return false;
    }
}
