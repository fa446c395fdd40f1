package io.weir.core.coroutine;

import java.util.concurrent.RejectedExecutionException;

/** As many bodies run as may; this one was not started. It is not queued, as it might be what one of the others awaits. */
public final class CoroutineRejectedException extends RejectedExecutionException {
    private static final long serialVersionUID = 1L;

    /** How many may run. */
    private final int limit;

    CoroutineRejectedException(int limit) {
        super(message(limit));
        this.limit = limit;
    }

    CoroutineRejectedException(int limit, Throwable cause) {
        super(message(limit), cause);
        this.limit = limit;
    }

    private static String message(int limit) {
        return "a coroutine was not started: " + limit
                + " are running, which is the limit; bound what runs at once, for example with "
                + "TaskGroup.limit or AsyncSemaphore, run on JDK 21 or newer, or set -Dweir.coroutine.limit";
    }

    /**
     * The bound that was reached.
     *
     * @return how many bodies may run at once
     */
    public int limit() {
        return limit;
    }
}
