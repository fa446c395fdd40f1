package io.weir.core.task;

/** What can be waited for: a task, or a group. */
interface Awaited {
    String name();

    /** Has {@code joiner} told of the end. */
    void add(Joiner joiner);

    void remove(Joiner joiner);

    /** After the end: what became of it. */
    Outcome<?> known();

    /** Whether it cannot end before {@code task} has. */
    boolean contains(TaskRun<?> task);
}
