package io.weir.core.task;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The tasks of a group that have not ended, in the order in which they were started; those that wait for a place stand
 * behind all that have one. Under the group's lock.
 */
final class Siblings {
    private final int places;
    private @Nullable TaskRun<?> first;
    private @Nullable TaskRun<?> last;
    private @Nullable TaskRun<?> firstWaiting;
    private int size;
    private int admitted;

    Siblings(int places) {
        this.places = places;
    }

    int size() {
        return size;
    }

    @Nullable
    TaskRun<?> first() {
        return first;
    }

    /** Links a task that takes no place: the group's body. */
    void addBody(TaskRun<?> body) {
        link(body);
    }

    /** Links a task; true if it may run now. */
    boolean add(TaskRun<?> task) {
        link(task);
        if (firstWaiting == null) {
            firstWaiting = task;
        }
        return admit() == task;
    }

    /** Gives a free place to the first that waits; null if there is none. */
    @Nullable
    TaskRun<?> admit() {
        TaskRun<?> task = firstWaiting;
        if (task == null || admitted == places) {
            return null;
        }
        firstWaiting = task.next;
        admitted++;
        task.admit();
        return task;
    }

    void remove(TaskRun<?> task) {
        if (task == firstWaiting) {
            firstWaiting = task.next;
        }
        if (task.isAdmitted()) {
            admitted--;
        }
        if (task.previous == null) {
            first = task.next;
        } else {
            task.previous.next = task.next;
        }
        if (task.next == null) {
            last = task.previous;
        } else {
            task.next.previous = task.previous;
        }
        task.previous = null;
        task.next = null;
        size--;
    }

    List<TaskRun<?>> copy() {
        List<TaskRun<?>> all = new ArrayList<>(size);
        for (TaskRun<?> task = first; task != null; task = task.next) {
            all.add(task);
        }
        return all;
    }

    private void link(TaskRun<?> task) {
        task.previous = last;
        if (last == null) {
            first = task;
        } else {
            last.next = task;
        }
        last = task;
        size++;
    }
}
