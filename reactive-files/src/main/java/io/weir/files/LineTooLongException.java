package io.weir.files;

/** A line is longer than allowed. The lines before it have been emitted. */
public final class LineTooLongException extends FileException {
    /** Of the line, in bytes. */
    private final long offset;

    /** In bytes. */
    private final long limit;

    LineTooLongException(FileOperation operation, long offset, long limit) {
        super(
                operation,
                "the line at byte " + offset + " is longer than " + ReadOptions.MAX_LINE_LENGTH + ", " + limit
                        + " bytes",
                null);
        this.offset = offset;
        this.limit = limit;
    }

    /**
     * Where the line begins.
     *
     * @return the offset in the file, in bytes
     */
    public long offset() {
        return offset;
    }

    /**
     * The longest line allowed, its ending not counted.
     *
     * @return the limit in bytes
     */
    public long limit() {
        return limit;
    }

    /**
     * The option of {@link ReadOptions} that sets the limit.
     *
     * @return {@code "maxLineLength"}
     */
    public String setting() {
        return ReadOptions.MAX_LINE_LENGTH;
    }
}
