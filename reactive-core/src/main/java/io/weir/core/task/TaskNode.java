package io.weir.core.task;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * A task or a group as {@link TaskTree#snapshot} found it.
 *
 * @param kind which of the two
 * @param name its name
 * @param state a task's {@link Task.State}; of a group {@code OPEN}, {@code CLOSING}, {@code CANCELLING} or {@code CLEANING}
 * @param age the time since its start
 * @param progress what it last reported
 * @param waitingOn what it waits on, as far as it can be seen, such as {@code queue.take}; of a group: what its body waits on
 * @param origin where it was started, if {@link TaskTree#recordOrigins} was on then
 * @param children of a group its tasks, and the groups in its body; of a task the groups in it
 * @param omitted how many more children there were than were asked for
 */
public record TaskNode(
        Kind kind,
        String name,
        String state,
        Duration age,
        Optional<Task.Progress> progress,
        List<String> waitingOn,
        Optional<String> origin,
        List<TaskNode> children,
        int omitted) {
    /** What a node stands for. */
    public enum Kind {
        /** A {@link TaskGroup}. */
        GROUP,
        /** A {@link Task}. */
        TASK
    }

    /**
     * How many tasks stand here and below, those that were omitted included.
     *
     * @return the number
     */
    public int tasks() {
        int count = kind == Kind.TASK ? 1 : 0;
        for (TaskNode child : children) {
            count += child.tasks();
        }
        return count + omitted;
    }
}
