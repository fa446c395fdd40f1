package io.weir.core.task;

import java.time.Duration;
import java.util.List;

/** The time that a {@link Deadline} allowed for the whole of something is over. What was still running has been cancelled. */
public final class DeadlineExceededException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** What the deadline allowed. */
    private final Duration budget;

    /** What was waited for. */
    private final List<String> waitingOn;

    DeadlineExceededException(Duration budget, List<String> waitingOn) {
        super("the deadline of " + Deadline.told(budget) + " is over"
                + (waitingOn.isEmpty() ? "" : ", while waiting on " + String.join(", ", waitingOn)));
        this.budget = budget;
        this.waitingOn = List.copyOf(waitingOn);
    }

    /**
     * The budget: how much time there was when the deadline was set.
     *
     * @return what {@link Deadline#within} or {@link TaskGroupBuilder#deadline} was given
     */
    public Duration budget() {
        return budget;
    }

    /**
     * What had not come by then, as far as it can be seen, such as {@code queue.take}; with the local limit it had, if any.
     *
     * @return names, at most a few; empty where nothing is known
     */
    public List<String> waitingOn() {
        return waitingOn;
    }
}
