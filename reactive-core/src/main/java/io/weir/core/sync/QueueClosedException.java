package io.weir.core.sync;

import org.jspecify.annotations.Nullable;

/** The queue was closed: a put cannot be accepted, or a take finds nothing more. */
public final class QueueClosedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    QueueClosedException(String operation, @Nullable Throwable cause) {
        super("queue closed: " + operation + " refused", cause);
    }
}
