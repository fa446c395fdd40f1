package io.weir.files;

import org.jspecify.annotations.Nullable;

/** Compressed data that cannot be decompressed. What had come out before the error has been emitted. */
public final class DecodeException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** What is wrong. */
    public enum Reason {
        /** The data ends before it is complete. */
        TRUNCATED,
        /** It is no data of the format, a checksum is wrong, or something follows its end. */
        MALFORMED,
        /** It would grow over a limit: {@link DecodeException#setting()}. */
        LIMIT
    }

    /** What {@link #reason()} tells. */
    private final Reason reason;

    /** In the compressed data, in bytes. */
    private final long offset;

    /** What {@link #setting()} tells. */
    private final @Nullable String setting;

    private DecodeException(
            Reason reason, long offset, @Nullable String setting, String problem, @Nullable Throwable cause) {
        super(problem + ", at byte " + offset + " of the compressed data", cause);
        this.reason = reason;
        this.offset = offset;
        this.setting = setting;
    }

    static DecodeException truncated(String format, long offset) {
        return new DecodeException(
                Reason.TRUNCATED, offset, null, "the " + format + " data ends before it is complete", null);
    }

    static DecodeException malformed(String format, long offset, String problem, @Nullable Throwable cause) {
        return new DecodeException(Reason.MALFORMED, offset, null, "malformed " + format + " data: " + problem, cause);
    }

    static DecodeException limit(long offset, String setting, long limit) {
        return new DecodeException(Reason.LIMIT, offset, setting, "the data grows over " + setting + " " + limit, null);
    }

    /**
     * What is wrong.
     *
     * @return the reason
     */
    public Reason reason() {
        return reason;
    }

    /**
     * How far the compressed data was read when it was noticed.
     *
     * @return the offset, in bytes
     */
    public long offset() {
        return offset;
    }

    /**
     * The option of {@link DecodeLimits} that sets the limit.
     *
     * @return its name; null for any other reason
     */
    public @Nullable String setting() {
        return setting;
    }
}
