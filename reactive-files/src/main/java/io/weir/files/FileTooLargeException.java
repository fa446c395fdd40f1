package io.weir.files;

/** A file that was to be read whole is larger than allowed. Nothing of it was emitted. */
public final class FileTooLargeException extends FileException {
    /** In bytes. */
    private final long limit;

    FileTooLargeException(FileOperation operation, long limit) {
        super(operation, "larger than " + ReadOptions.MAX_SIZE + ", " + limit + " bytes", null);
        this.limit = limit;
    }

    /**
     * The most that may be read.
     *
     * @return the limit in bytes
     */
    public long limit() {
        return limit;
    }

    /**
     * The option of {@link ReadOptions} that sets the limit.
     *
     * @return {@code "maxSize"}
     */
    public String setting() {
        return ReadOptions.MAX_SIZE;
    }
}
