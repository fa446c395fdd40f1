package io.weir.core.task;

import java.util.concurrent.atomic.AtomicReference;

/** One hold on one task. */
final class TaskHold extends AtomicReference<TaskRun<?>> implements Task.Hold {
    private static final long serialVersionUID = 1L;

    static final Task.Hold NONE = () -> {};

    TaskHold(TaskRun<?> task) {
        super(task);
    }

    @Override
    public void release() {
        TaskRun<?> task = getAndSet(null);
        if (task != null) {
            task.release();
        }
    }
}
