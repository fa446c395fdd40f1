package io.weir.http;

import io.weir.http.FetchContentException.Reason;

/** What a {@link BodyDecoder} throws, which does not know whose body it decodes. */
final class DecodingFailure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final Reason reason;

    DecodingFailure(String what, Reason reason) {
        super(what);
        this.reason = reason;
    }

    static DecodingFailure truncated() {
        return new DecodingFailure("the body ends before its coding does", Reason.TRUNCATED);
    }

    Reason reason() {
        return reason;
    }
}
