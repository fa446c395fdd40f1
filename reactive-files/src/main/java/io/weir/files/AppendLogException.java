package io.weir.files;

import org.jspecify.annotations.Nullable;

/** An {@link AppendLog} did not take a record. Nothing of it was written. */
public final class AppendLogException extends FileException {
    /** Why a record was not taken. */
    public enum Reason {
        /** The log is closed, or about to be. */
        CLOSED,
        /** As many appends wait as may. */
        FULL,
        /** An earlier write failed, or could not be forced to the device: see {@link AppendLogException#getCause()}. */
        BROKEN
    }

    /** What {@link #reason()} tells. */
    private final Reason reason;

    private AppendLogException(FileOperation operation, Reason reason, String problem, @Nullable Throwable cause) {
        super(operation, problem, cause);
        this.reason = reason;
    }

    static AppendLogException closed(FileOperation operation) {
        return new AppendLogException(operation, Reason.CLOSED, "the log is closed", null);
    }

    static AppendLogException full(FileOperation operation, int limit) {
        return new AppendLogException(
                operation,
                Reason.FULL,
                "as many appends wait as may, " + AppendLogOptions.MAX_WAITING + " " + limit,
                null);
    }

    static AppendLogException broken(FileOperation operation, Throwable first) {
        return new AppendLogException(
                operation, Reason.BROKEN, "an earlier write failed, the log takes no more: " + first, first);
    }

    /**
     * Why.
     *
     * @return the reason
     */
    public Reason reason() {
        return reason;
    }
}
