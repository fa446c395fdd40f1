package io.weir.core.process;

import java.util.concurrent.RejectedExecutionException;

/** A process was not started, because as many run as may at once. */
public final class ProcessRejectedException extends RejectedExecutionException {
    private static final long serialVersionUID = 1L;

    /** How many may run. */
    private final int limit;

    ProcessRejectedException(int limit) {
        super("as many processes run as may at once, " + limit + " (system property " + Workers.LIMIT_PROPERTY + ")");
        this.limit = limit;
    }

    /**
     * How many may run at once.
     *
     * @return the limit
     */
    public int limit() {
        return limit;
    }
}
