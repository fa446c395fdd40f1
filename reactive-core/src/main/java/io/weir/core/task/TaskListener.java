package io.weir.core.task;

/**
 * Hears of every task's start and end, but not of the bodies of groups: for metrics and tracing. Called on the thread that starts or ends the task, so it must
 * not block; what it throws goes to Reactor's dropped-error hook.
 */
public interface TaskListener {
    /**
     * A group has taken a task, which may have to wait for the group's limit.
     *
     * @param task the task
     */
    void started(Task<?> task);

    /**
     * A task has ended.
     *
     * @param task the task
     * @param outcome what became of it
     */
    void ended(Task<?> task, Outcome<?> outcome);
}
