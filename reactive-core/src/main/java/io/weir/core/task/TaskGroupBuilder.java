package io.weir.core.task;

import io.weir.core.debug.Assembly;
import java.time.Duration;
import java.util.Objects;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.util.context.Context;
import reactor.util.context.ContextView;

/** How a {@link TaskGroup} is to behave; {@link #using} or {@link #open} makes one. Not for use by several threads at once. */
public final class TaskGroupBuilder {
    private static final Duration DEFAULT_GRACE = Duration.ofSeconds(30);
    private static final int DEFAULT_MAX_TASKS = 1 << 22;

    private final boolean failFast;
    private String name = "group";
    private int limit = Integer.MAX_VALUE;
    private int maxTasks = DEFAULT_MAX_TASKS;
    private @Nullable Duration deadline;
    private Duration grace = DEFAULT_GRACE;
    private @Nullable BiConsumer<? super Task<?>, ? super Throwable> onFailure;

    TaskGroupBuilder(boolean failFast) {
        this.failFast = failFast;
    }

    /**
     * Names the group, for errors and for the task tree.
     *
     * @param name the name; {@code group} by default
     * @return this
     */
    public TaskGroupBuilder name(String name) {
        this.name = Objects.requireNonNull(name);
        return this;
    }

    /**
     * Bounds how many tasks run at once. Those that are started beyond it wait, in order, in state {@link Task.State#WAITING}.
     *
     * @param limit at least 1; no limit by default
     * @return this
     * @throws IllegalArgumentException if it is less than 1
     */
    public TaskGroupBuilder limit(int limit) {
        this.limit = atLeastOne("limit", limit);
        return this;
    }

    /**
     * Bounds how many tasks the group holds at once, those that wait included and the body left out. One more is rejected.
     *
     * @param maxTasks at least 1; {@value #DEFAULT_MAX_TASKS} by default
     * @return this
     * @throws IllegalArgumentException if it is less than 1
     */
    public TaskGroupBuilder maxTasks(int maxTasks) {
        this.maxTasks = atLeastOne("maxTasks", maxTasks);
        return this;
    }

    /**
     * Bounds the time of the whole group, from its start: then it fails with {@link DeadlineExceededException} and cancels
     * all that runs in it. Where the Context has a {@link Deadline} that ends sooner, that one holds.
     *
     * @param budget the time; none by default
     * @return this
     */
    public TaskGroupBuilder deadline(Duration budget) {
        this.deadline = Objects.requireNonNull(budget);
        return this;
    }

    /**
     * How long {@link TaskGroup#close} waits for the tasks before it cancels them, and how long each clean-up of
     * {@link TaskGroup#onClose} may take.
     *
     * @param grace the time; 30 s by default
     * @return this
     */
    public TaskGroupBuilder grace(Duration grace) {
        this.grace = Objects.requireNonNull(grace);
        return this;
    }

    /**
     * Hears of each task that fails in a supervisor. By default a failure is logged as a warning if nobody has joined the task
     * or asked to be called. In a fail-fast group it is not called, as the group itself fails.
     *
     * @param handler must not block and must not throw
     * @return this
     */
    public TaskGroupBuilder onFailure(BiConsumer<? super Task<?>, ? super Throwable> handler) {
        this.onFailure = Objects.requireNonNull(handler);
        return this;
    }

    /**
     * A group for as long as {@code body} and its tasks run: see {@link TaskGroup#using}.
     *
     * @param body starts tasks in the group it is given, and returns what the group is to emit
     * @param <R> what it emits
     * @return the body's value, when all have ended
     */
    public <R> Mono<R> using(Function<? super TaskGroup, ? extends Mono<R>> body) {
        return Assembly.of(new GroupMono<>(settings(false), Objects.requireNonNull(body)));
    }

    /**
     * A group for as long as its owner likes: see {@link TaskGroup#open}.
     *
     * @return the group, which its owner must close
     */
    public TaskGroup open() {
        return open(Context.empty());
    }

    /**
     * As {@link #open()}, with a Context for its tasks. A task in that Context is not ended before this group.
     *
     * @param context what tasks see
     * @return the group, which its owner must close
     */
    public TaskGroup open(ContextView context) {
        GroupCore core = new GroupCore(settings(false), Context.of(context));
        core.begin();
        return new TaskGroup(core);
    }

    /** {@code body} in a group that no cancel reaches. */
    <R> Mono<R> shield(Mono<R> body) {
        return Assembly.of(new GroupMono<>(settings(true), group -> body));
    }

    private GroupSettings settings(boolean shielded) {
        return new GroupSettings(name, failFast, limit, maxTasks, deadline, grace, onFailure, shielded);
    }

    private static int atLeastOne(String what, int value) {
        if (value < 1) {
            throw new IllegalArgumentException(what + " must be at least 1, and is " + value);
        }
        return value;
    }
}
