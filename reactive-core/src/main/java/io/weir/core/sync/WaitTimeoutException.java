package io.weir.core.sync;

import java.time.Duration;

/** A bounded wait ended before what it waited for came; nothing was taken, and nothing is lost. */
public final class WaitTimeoutException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** What was waited for. */
    private final String waitedFor;

    /** The bound. */
    private final Duration maxWait;

    WaitTimeoutException(String waitedFor, Duration maxWait) {
        super("waited " + maxWait.toMillis() + " ms for " + waitedFor);
        this.waitedFor = waitedFor;
        this.maxWait = maxWait;
    }

    /**
     * What was waited for, such as {@code a permit}.
     *
     * @return a few words
     */
    public String waitedFor() {
        return waitedFor;
    }

    /**
     * The bound that was reached.
     *
     * @return the longest wait that was allowed
     */
    public Duration maxWait() {
        return maxWait;
    }
}
