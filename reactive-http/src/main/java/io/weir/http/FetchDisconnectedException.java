package io.weir.http;

import org.jspecify.annotations.Nullable;

/**
 * The connection ended before the response did: closed or reset while the request was written, before the headers, or in
 * the middle of the body. A body shorter than its {@code Content-Length} is this, never a success.
 *
 * <p>A server may close an idle connection at the moment a request is written on it. Nobody can then know whether it was
 * read: {@link #sent()} says {@link Sent#MAYBE}.
 */
public final class FetchDisconnectedException extends FetchException {
    private static final long serialVersionUID = 1L;

    FetchDisconnectedException(String what, Failure failure, @Nullable Throwable cause) {
        super(what, failure, cause);
    }

    @Override
    public boolean isTransient() {
        return true;
    }
}
