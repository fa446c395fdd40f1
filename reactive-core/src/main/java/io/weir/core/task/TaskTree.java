package io.weir.core.task;

import io.weir.core.debug.Diagnostics;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.core.Scannable;
import reactor.core.publisher.Operators;
import reactor.util.context.Context;

/**
 * Every task that has not ended, and what it waits on: {@code asyncio pstree}.
 *
 * <pre>{@code
 * System.err.println(TaskTree.dump());
 * }</pre>
 *
 * <p>Groups hang in the tree by themselves, and what a task waits on is found when somebody looks, so it costs nothing until
 * then. A look sees each task for itself, at slightly different times; it stops nobody.
 */
public final class TaskTree {
    private static final int SHOWN = 100;

    private static final Set<GroupCore> ROOTS = ConcurrentHashMap.newKeySet();
    private static final StackWalker STACK = StackWalker.getInstance();

    private static volatile TaskListener[] listeners = {};
    private static volatile boolean recordsOrigins;

    static {
        FlightRecording.install();
        Diagnostics.addDump("tasks", TaskTree::dump);
    }

    private TaskTree() {}

    /**
     * All groups that stand in no other one's task, with all that is below.
     *
     * @return nodes, in no order at the top; below, in the order in which they were started
     */
    public static List<TaskNode> snapshot() {
        return snapshot(Integer.MAX_VALUE);
    }

    /**
     * As {@link #snapshot()}, with at most so many children of each node.
     *
     * @param maxChildren zero or more
     * @return nodes that tell how many children they omit
     */
    public static List<TaskNode> snapshot(int maxChildren) {
        return ROOTS.stream().map(group -> node(group, maxChildren)).toList();
    }

    /**
     * The tree as text, at most 100 children of each node.
     *
     * @return lines, each with its end
     */
    public static String dump() {
        return TreeText.of(snapshot(SHOWN));
    }

    /**
     * The tree as JSON: an array of objects with the members of {@link TaskNode}, at most 100 children of each; times in milliseconds.
     *
     * @return one line
     */
    public static String json() {
        return TreeJson.of(snapshot(SHOWN));
    }

    /**
     * Records where each task is started from now on: a walk up the stack, some microseconds each.
     *
     * @param record whether to; off at first
     */
    public static void recordOrigins(boolean record) {
        recordsOrigins = record;
    }

    /**
     * Has {@code listener} hear of each task from now on.
     *
     * @param listener must not block
     * @return disposing it ends that
     */
    public static Disposable listen(TaskListener listener) {
        Objects.requireNonNull(listener);
        synchronized (ROOTS) {
            TaskListener[] more = Arrays.copyOf(listeners, listeners.length + 1);
            more[more.length - 1] = listener;
            listeners = more;
        }
        return () -> {
            synchronized (ROOTS) {
                listeners = Arrays.stream(listeners)
                        .filter(other -> other != listener)
                        .toArray(TaskListener[]::new);
            }
        };
    }

    /**
     * Makes the tree known to the platform's MBean server as {@code io.weir:type=TaskTree}. A second call does nothing.
     */
    public static void register() {
        TaskTreeBean.register();
    }

    // ---- the groups' side ----

    static void add(GroupCore group) {
        TaskRun<?> parent = group.parent();
        if (parent == null) {
            ROOTS.add(group);
        } else {
            Set<GroupCore> groups = parent.extra().groups;
            synchronized (groups) {
                groups.add(group);
            }
        }
    }

    static void remove(GroupCore group) {
        TaskRun<?> parent = group.parent();
        if (parent == null) {
            ROOTS.remove(group);
        } else {
            Set<GroupCore> groups = parent.extra().groups;
            synchronized (groups) {
                groups.remove(group);
            }
        }
    }

    static boolean isWatched() {
        return listeners.length != 0;
    }

    static boolean recordsOrigins() {
        return recordsOrigins;
    }

    static void started(TaskRun<?> task) {
        for (TaskListener listener : listeners) {
            try {
                listener.started(task);
            } catch (Throwable t) { // who looks on must not change what happens
                Operators.onErrorDropped(t, Context.empty());
            }
        }
    }

    static void ended(TaskRun<?> task, Outcome<?> outcome) {
        for (TaskListener listener : listeners) {
            try {
                listener.ended(task, outcome);
            } catch (Throwable t) { // as above
                Operators.onErrorDropped(t, Context.empty());
            }
        }
    }

    /** The first frame outside of this package: who called start. */
    static @Nullable String caller() {
        String here = TaskTree.class.getPackageName() + ".";
        return STACK.walk(frames -> frames.map(StackWalker.StackFrame::toStackTraceElement)
                .filter(frame -> !frame.getClassName().startsWith(here))
                .map(StackTraceElement::toString)
                .findFirst()
                .orElse(null));
    }

    // ---- the look ----

    private static TaskNode node(GroupCore group, int maxChildren) {
        List<TaskNode> children = new ArrayList<>();
        TaskRun<?> body = group.body();
        if (body != null) {
            addGroups(children, body, maxChildren);
        }
        List<TaskRun<?>> tasks = group.tasks(maxChildren);
        for (TaskRun<?> task : tasks) {
            children.add(node(task, maxChildren));
        }
        return new TaskNode(
                TaskNode.Kind.GROUP,
                group.name(),
                group.phase(),
                group.age(),
                body == null ? Optional.empty() : body.progress(),
                body == null ? List.of() : WaitingOn.find(body.scan(Scannable.Attr.PARENT)),
                Optional.empty(),
                List.copyOf(children),
                Math.max(0, group.size() - tasks.size()));
    }

    private static TaskNode node(TaskRun<?> task, int maxChildren) {
        List<TaskNode> children = new ArrayList<>();
        addGroups(children, task, maxChildren);
        TaskExtra extra = task.extraIfAny();
        return new TaskNode(
                TaskNode.Kind.TASK,
                task.name(),
                task.state().name(),
                task.age(),
                task.progress(),
                WaitingOn.find(task.scan(Scannable.Attr.PARENT)),
                Optional.ofNullable(extra == null ? null : extra.origin),
                List.copyOf(children),
                0);
    }

    private static void addGroups(List<TaskNode> children, TaskRun<?> task, int maxChildren) {
        TaskExtra extra = task.extraIfAny();
        if (extra == null) {
            return;
        }
        List<GroupCore> groups;
        synchronized (extra.groups) {
            groups = List.copyOf(extra.groups);
        }
        groups.forEach(group -> children.add(node(group, maxChildren)));
    }
}
