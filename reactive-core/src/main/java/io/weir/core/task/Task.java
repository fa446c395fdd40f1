package io.weir.core.task;

import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;
import reactor.util.context.ContextView;

/**
 * A Mono that runs in a {@link TaskGroup}: {@code asyncio.Task}. Started by {@link TaskGroup#start}, and ended with its group at
 * the latest.
 *
 * <p>A task <em>has ended</em> when its Mono has completed, failed or been cancelled, and all that {@linkplain #hold held} it has
 * let go: an offloaded call that is still being interrupted, a resource on its way back, a nested group. Only then do
 * {@link #join}, {@link #terminated} and {@link #onDone} tell.
 *
 * @param <T> what it emits
 */
public sealed interface Task<T> permits TaskRun {
    /** Where a task stands. */
    enum State {
        /** Waits for its group's limit to let it start. */
        WAITING,
        /** Its Mono has been subscribed, and has not ended. */
        RUNNING,
        /** Its outcome is known; something that it started has not ended yet. */
        ENDING,
        /** Over. */
        ENDED
    }

    /**
     * How far a task says it has come.
     *
     * @param done how much is done, in units of the task's own
     * @param total how much there is in all, or a negative number where that is not known
     */
    record Progress(long done, long total) {}

    /** Keeps a task from ending, until it is released. */
    interface Hold {
        /** Lets go; a second call does nothing. */
        void release();
    }

    /**
     * The name it was started with.
     *
     * @return the name, not unique
     */
    String name();

    /**
     * Where it stands now; old as soon as it is told.
     *
     * @return the state
     */
    State state();

    /**
     * How long ago it was started, in the time of {@code Schedulers.parallel()}.
     *
     * @return zero or more; it goes on after the end
     */
    Duration age();

    /**
     * What was last {@linkplain #report reported}.
     *
     * @return the progress, or empty where none was reported
     */
    Optional<Progress> progress();

    /**
     * Tells how far the task has come, for whoever looks at the task tree. From any thread.
     *
     * @param done how much is done, in any unit
     * @param total how much there is in all; negative where that is not known
     */
    void report(long done, long total);

    /**
     * Waits for the end, and tells the outcome.
     *
     * <p>Emits the task's value once it has ended, or completes empty. Any number may join, before and after the end. Signals
     * arrive on the thread that ended the task, or on the subscriber's. Cancelling this Mono does not cancel the task: that is
     * {@link #cancel(String)}. Errors: the task's own; {@link TaskCancelledException} if it was cancelled;
     * {@link IllegalStateException} for a task that joins itself.
     *
     * @return the outcome, for each subscriber
     */
    Mono<T> join();

    /**
     * Waits for the end, however it comes.
     *
     * <p>Completes empty once the task has ended, and never fails. Threads and cancel as for {@link #join()}.
     *
     * @return the end, for each subscriber
     */
    Mono<Void> terminated();

    /**
     * What became of it.
     *
     * @return the outcome, or empty as long as it has not ended
     */
    Optional<Outcome<T>> outcome();

    /**
     * Calls {@code callback} once, when the task has ended: on the thread that ended it, or at once on this one where it has ended
     * already. What the callback throws goes to Reactor's dropped-error hook.
     *
     * @param callback must not block
     * @return disposing it takes the callback out again
     */
    Disposable onDone(Consumer<? super Outcome<T>> callback);

    /**
     * Cancels the task, if it has not got an outcome yet: its Mono's subscription is cancelled on this thread. A task that
     * waits for its group's limit is never started.
     *
     * @param reason told by {@link Outcome.Cancelled} and {@link TaskCancelledException}, or null
     * @return true if this call cancelled it
     */
    boolean cancel(@Nullable String reason);

    /**
     * As {@link #cancel(String)}, with no reason given.
     *
     * @return true if this call cancelled it
     */
    default boolean cancel() {
        return cancel(null);
    }

    /**
     * The task whose code runs under this Context: the innermost one. In the body of a group that is the body's own.
     *
     * @param context a subscriber's Context, as {@code Mono.deferContextual} gives it
     * @return the task, or empty outside of any group
     */
    static Optional<Task<?>> current(ContextView context) {
        return Optional.ofNullable(TaskRun.in(context));
    }

    /**
     * Keeps the current task from ending: for what goes on after a cancel was signalled, and must have ended before the
     * task's group does. Call it before the task's Mono ends, or inside {@code cancel}; later it holds nothing.
     *
     * @param context a subscriber's Context
     * @return what must be released, whatever happens; where no task is current, it does nothing
     */
    static Hold hold(ContextView context) {
        TaskRun<?> task = TaskRun.in(context);
        return task == null ? TaskHold.NONE : task.hold();
    }
}
