package io.weir.http;

import org.jspecify.annotations.Nullable;

/**
 * There is no connection: the name has no address ({@link FetchPhase#DNS}), the host refused or cannot be reached ({@link
 * FetchPhase#CONNECT}), or the TLS handshake failed ({@link FetchPhase#TLS}), which is also how a certificate that is not
 * trusted shows. Nothing was sent.
 */
public final class FetchConnectException extends FetchException {
    private static final long serialVersionUID = 1L;

    FetchConnectException(String what, Failure failure, @Nullable Throwable cause) {
        super(what, failure, cause);
    }

    /** False for TLS, where the same certificate would be refused again. */
    @Override
    public boolean isTransient() {
        return phase() != FetchPhase.TLS;
    }
}
