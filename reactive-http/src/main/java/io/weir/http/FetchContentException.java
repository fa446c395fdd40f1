package io.weir.http;

import org.jspecify.annotations.Nullable;

/** A response came, and its body is not what its headers say, or not what was asked to be made of it. */
public final class FetchContentException extends FetchException {
    private static final long serialVersionUID = 1L;

    /** What is wrong with the body. */
    public enum Reason {
        /** It has several content codings, one over the other. */
        SEVERAL_CODINGS,
        /** It has a content coding that is not known, or whose library is missing. */
        UNKNOWN_CODING,
        /** It cannot be decoded. */
        MALFORMED,
        /** It ends before its coding does. */
        TRUNCATED,
        /** It is no JSON, or not of the type that was asked for. */
        NOT_JSON
    }

    private final transient Reason reason;

    FetchContentException(String what, Reason reason, Failure failure, @Nullable Throwable cause) {
        super(what, failure, cause);
        this.reason = reason;
    }

    /**
     * What is wrong.
     *
     * @return the reason
     */
    public Reason reason() {
        return reason;
    }

    /** True only for {@link Reason#TRUNCATED}. */
    @Override
    public boolean isTransient() {
        return reason == Reason.TRUNCATED;
    }
}
