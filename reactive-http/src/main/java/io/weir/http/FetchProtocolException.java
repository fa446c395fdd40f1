package io.weir.http;

import org.jspecify.annotations.Nullable;

/** What came back is not HTTP, or is framed in a way that two readers could understand differently. */
public final class FetchProtocolException extends FetchException {
    private static final long serialVersionUID = 1L;

    FetchProtocolException(String what, Failure failure, @Nullable Throwable cause) {
        super(what, failure, cause);
    }

    @Override
    public boolean isTransient() {
        return false;
    }
}
