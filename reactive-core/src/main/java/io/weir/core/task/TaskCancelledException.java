package io.weir.core.task;

import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;

/** A task that was joined, or the body of a group, had been cancelled. */
public final class TaskCancelledException extends CancellationException {
    private static final long serialVersionUID = 1L;

    /** Whose. */
    private final String task;

    /** Why, if that was said. */
    private final @Nullable String reason;

    TaskCancelledException(String task, @Nullable String reason) {
        super("task '" + task + "' was cancelled" + (reason == null ? "" : ": " + reason));
        this.task = task;
        this.reason = reason;
    }

    /**
     * Which task.
     *
     * @return the task's or the group's name
     */
    public String task() {
        return task;
    }

    /**
     * Why.
     *
     * @return what {@code cancel} was given, or null
     */
    public @Nullable String reason() {
        return reason;
    }
}
