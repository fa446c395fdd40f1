package io.weir.core.task;

/** The {@link TaskTree} for JMX consoles; {@link TaskTree#register} makes it known as {@code io.weir:type=TaskTree}. */
public interface TaskTreeMXBean {
    /**
     * How many tasks have not ended.
     *
     * @return zero or more
     */
    int getTasks();

    /**
     * {@link TaskTree#dump()}.
     *
     * @return lines
     */
    String dump();

    /**
     * {@link TaskTree#json()}.
     *
     * @return one line
     */
    String json();
}
