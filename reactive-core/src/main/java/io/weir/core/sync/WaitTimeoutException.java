package io.weir.core.sync;

import io.weir.core.task.Deadline;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import reactor.util.context.ContextView;

/** A bounded wait ended before what it waited for came; nothing was taken, and nothing is lost. */
public final class WaitTimeoutException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** What was waited for. */
    private final String waitedFor;

    /** The bound. */
    private final Duration maxWait;

    /** What was left of the deadline, or null. */
    private final @Nullable Duration deadlineRemaining;

    /** {@code context}: the waiter's, for its deadline. */
    WaitTimeoutException(String waitedFor, Duration maxWait, ContextView context) {
        this(
                waitedFor,
                maxWait,
                Deadline.in(context),
                Deadline.remaining(context).orElse(null));
    }

    private WaitTimeoutException(
            String waitedFor, Duration maxWait, @Nullable Deadline deadline, @Nullable Duration remaining) {
        super("waited " + maxWait.toMillis() + " ms for " + waitedFor
                + (deadline == null || remaining == null
                        ? ""
                        : "; the deadline of " + deadline.budget().toMillis() + " ms has " + remaining.toMillis()
                                + " ms left"));
        this.waitedFor = waitedFor;
        this.maxWait = maxWait;
        this.deadlineRemaining = remaining;
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

    /**
     * How much the {@link Deadline} had left: this was the local bound, and not the budget.
     *
     * @return what was left then; empty where there is no deadline
     */
    public Optional<Duration> deadlineRemaining() {
        return Optional.ofNullable(deadlineRemaining);
    }
}
