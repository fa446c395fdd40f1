package io.weir.core.task;

import io.weir.core.debug.Assembly;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * Runs tasks that end before it does: {@code asyncio.TaskGroup}, structured concurrency for Reactor.
 *
 * <pre>{@code
 * Mono<Report> report = TaskGroup.using(group -> {
 *     Task<Orders> orders = group.start("orders", loadOrders());
 *     Task<Stock> stock = group.start("stock", loadStock());
 *     return Gather.failFast(orders.join(), stock.join(), Report::new);
 * });
 * }</pre>
 *
 * <p>A group ends when its body and all its tasks have ended, and what {@link #onClose} registered has run. Only then does its
 * Mono tell. In a fail-fast group, which is the default, the first failure of a task or of the body cancels all the
 * others and becomes the group's error; later ones are suppressed on it. In a {@link #supervisor} a task's failure is told by
 * the task only, and the body's fails the group. A task that was cancelled harms nobody; a body that was cancelled cancels its
 * group.
 *
 * <p>Tasks see the Context of the group's subscriber. Groups nest: one that is subscribed inside a task belongs to it, the task
 * does not end before it, and a cancel reaches down.
 *
 * <p>An honest limit: Reactive Streams' cancel has no acknowledgement. Of Weir's own work, and of what {@linkplain Task#hold holds}
 * a task, a group knows the end; of any other Mono that was cancelled, only that the cancel was signalled.
 */
public final class TaskGroup {
    private final GroupCore core;

    TaskGroup(GroupCore core) {
        this.core = core;
    }

    /**
     * Runs {@code body} with a fail-fast group, and waits for all that it started.
     *
     * <p>Emits the body's value, or completes empty, when the group has ended. Each subscription has a group of its own, made at the
     * first request; {@code body} is called on that thread. Signals arrive on the thread on which the last task ended. Cancelling
     * cancels the body and all tasks; what they have left to do then holds the surrounding task, if there is one. Errors: the first
     * failure, with the later ones suppressed; {@link TaskCancelledException} if the group was cancelled from inside.
     *
     * @param body starts tasks in the group it is given, and returns what the group is to emit
     * @param <R> what it emits
     * @return the body's value, when all have ended
     */
    public static <R> Mono<R> using(Function<? super TaskGroup, ? extends Mono<R>> body) {
        return failFast().using(body);
    }

    /**
     * Runs {@code mono} to its end even if its subscriber goes away: {@code asyncio.shield}.
     *
     * <p>Emits what {@code mono} emits. It starts with the first request. A cancel does not reach it, and neither does the
     * deadline of its Context: the subscriber hears no more, {@code mono} goes on, and the task in which it was subscribed does not end
     * before it. What it emits then is discarded, and an error is dropped. It may hold its task for ever: bound it from inside, as
     * in {@code shield(Deadline.within(time, mono))}. Errors: those of {@code mono}.
     *
     * @param mono what must not be left half done
     * @param <T> what it emits
     * @return the same, shielded
     */
    public static <T> Mono<T> shield(Mono<T> mono) {
        return failFast().name("shield").shield(Objects.requireNonNull(mono));
    }

    /**
     * A group whose first failure cancels all.
     *
     * @return settings, to be followed by {@code using} or {@code open}
     */
    public static TaskGroupBuilder failFast() {
        return new TaskGroupBuilder(true);
    }

    /**
     * A group whose tasks fail each for itself.
     *
     * @return settings, to be followed by {@code using} or {@code open}
     */
    public static TaskGroupBuilder supervisor() {
        return new TaskGroupBuilder(false);
    }

    /**
     * A supervisor for a service's life, with no body: its owner {@linkplain #close closes} it. Short for
     * {@code supervisor().open()}.
     *
     * @return the group, which takes tasks until it is closed
     */
    public static TaskGroup open() {
        return supervisor().open();
    }

    /**
     * Starts a task. The one hot call of Weir: {@code mono} is subscribed before it returns, on this thread, unless the group's limit
     * has it wait for others to end; then on the thread that ended one.
     *
     * @param name for errors and for the task tree; need not be unique
     * @param mono what to run
     * @param <T> what it emits
     * @return the task
     * @throws TaskRejectedException if the group takes no more: it is closed or cancelled, has ended, or is full
     */
    public <T> Task<T> start(String name, Mono<T> mono) {
        return core.start(name, mono);
    }

    /**
     * Has {@code cleanup} run when all tasks have ended, before the group does, on success, failure and cancel alike.
     *
     * <p>The clean-ups run one after another, the last registered first, on the thread that ended the last task, with the
     * group's Context but without its deadline, each within the group's grace. A failure is the group's, or suppressed on the one it
     * has.
     *
     * @param cleanup called once; what it returns is subscribed and awaited
     * @throws IllegalStateException if the group has ended
     */
    public void onClose(Supplier<? extends Mono<?>> cleanup) {
        core.onClose(Objects.requireNonNull(cleanup));
    }

    /**
     * Takes no more tasks, waits for those that run, cancels them after the grace, and runs the clean-ups.
     *
     * <p>Completes empty when the group has ended. Starts when subscribed; any number may subscribe, also after the end. Cancelling this
     * Mono stops the wait, and not the closing. Errors: the group's failure; {@link IllegalStateException} inside the group
     * itself, which would wait for its own end.
     *
     * @return the end of the group
     */
    public Mono<Void> close() {
        return Assembly.of(new JoinMono<>(core, true, core::close));
    }

    /**
     * Cancels all tasks, and the body if there is one; the group takes no more and ends when they have ended. Only the first call
     * does something.
     *
     * @param reason told by each task, or null
     */
    public void cancel(@Nullable String reason) {
        core.cancel(reason);
    }

    /**
     * Waits for the end of the group.
     *
     * <p>As {@link #close()}, but leaves the group as it is.
     *
     * @return the end of the group
     */
    public Mono<Void> terminated() {
        return Assembly.of(new JoinMono<>(core, true));
    }

    /**
     * The group's name.
     *
     * @return as its builder was told
     */
    public String name() {
        return core.name();
    }

    /**
     * Whether it takes tasks; old as soon as it is told.
     *
     * @return false once it was closed or cancelled, or has ended
     */
    public boolean isOpen() {
        return core.isOpen();
    }

    /**
     * How many tasks have not ended; old as soon as it is told.
     *
     * @return zero or more, without the body
     */
    public int size() {
        return core.size();
    }

    @Override
    public String toString() {
        return "TaskGroup[" + name() + ", " + core.phase() + ", tasks: " + size() + "]";
    }
}
