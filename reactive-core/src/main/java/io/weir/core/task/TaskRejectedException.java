package io.weir.core.task;

import java.util.concurrent.RejectedExecutionException;

/** A group did not take a task: it is closed or ending, or holds as many as it may. Nothing was started. */
public final class TaskRejectedException extends RejectedExecutionException {
    private static final long serialVersionUID = 1L;

    /** The group's name. */
    private final String group;

    /** The task's name. */
    private final String task;

    /** How many tasks the group held. */
    private final int tasks;

    /** How many it may hold. */
    private final int maxTasks;

    TaskRejectedException(String group, String task, int tasks, int maxTasks) {
        super("group '" + group + "' did not take task '" + task + "': "
                + (tasks >= maxTasks
                        ? "it holds " + tasks + " tasks, and maxTasks is " + maxTasks
                        : "it has been closed, cancelled, or has ended"));
        this.group = group;
        this.task = task;
        this.tasks = tasks;
        this.maxTasks = maxTasks;
    }

    /**
     * Which group.
     *
     * @return its name
     */
    public String group() {
        return group;
    }

    /**
     * Which task.
     *
     * @return the name it was to have
     */
    public String task() {
        return task;
    }

    /**
     * How many tasks the group held, those that waited included.
     *
     * @return zero or more
     */
    public int tasks() {
        return tasks;
    }

    /**
     * The group's bound.
     *
     * @return how many tasks it may hold
     */
    public int maxTasks() {
        return maxTasks;
    }
}
