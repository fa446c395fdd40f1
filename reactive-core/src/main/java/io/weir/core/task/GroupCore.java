package io.weir.core.task;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Operators;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import reactor.util.Logger;
import reactor.util.Loggers;
import reactor.util.context.Context;

/**
 * One run of a group.
 *
 * <pre>
 * OPEN ──► CLOSING ──► CANCELLING ──► CLEANING ──► ENDED
 *  ├──────────────────────►┘  ┌──────────►┘
 *  └──────────────────────────┘
 * OPEN        takes tasks
 * CLOSING     takes none; those there are go on, for the time of grace
 * CANCELLING  takes none; those there are have been cancelled, or are being cancelled
 * CLEANING    all tasks have ended; what onClose registered is run
 * </pre>
 *
 * <p><b>Writers.</b> {@link #close}: OPEN to CLOSING. {@link #fail} and {@link #cancel}: OPEN or CLOSING to CANCELLING. The end of the
 * last task: any of the three to CLEANING, though a group without a body stays OPEN with no task. Taking the last
 * clean-up: CLEANING to ENDED. All under {@code lock}, which is held for a few links and never while other code is called.
 *
 * <p><b>Invariant.</b> A task is linked before it runs and until it has ended, so CLEANING starts when nothing runs. The step to CLEANING is taken
 * once, by the thread that sees the last task go or that finds none to cancel. {@code failure} is set once; who comes later
 * is suppressed on it.
 *
 * <p><b>Loss.</b> A task that is started while the group goes to CANCELLING was either linked before, and is in the copy that is
 * cancelled, or is rejected. None that waits for a place is admitted from then on. One that is cancelled before it has subscribed cancels what it then gets.
 *
 * <p><b>Proof.</b> {@code TaskGroupTest}, {@code GroupReentryTest}, {@code GroupLincheckTest}; {@code GroupStartCancelRace},
 * {@code GroupStartCloseRace}, {@code GroupStartEndRace}, {@code GroupFailFailRace}, {@code GroupLimitTwoEndsRace},
 * {@code GroupLimitCancelRace}, {@code GroupAdmitCancelRace}.
 */
final class GroupCore implements Awaited {
    private enum Phase {
        OPEN,
        CLOSING,
        CANCELLING,
        CLEANING,
        ENDED
    }

    private static final Logger LOG = Loggers.getLogger(TaskGroup.class);

    private final GroupSettings settings;
    private final Context context;
    private final Scheduler timer = Schedulers.parallel();
    private final Clock clock = Clock.of(timer);
    private final long startNanos = clock.nanos();
    private final @Nullable TaskRun<?> parent;
    private final Task.Hold parentHold;
    private final @Nullable Deadline deadline;
    private final Disposable.Composite timers = Disposables.composite();
    private final Joiners joiners = new Joiners();
    private final Object lock = new Object();

    // Under the lock.
    private final Siblings siblings;
    private final Deque<Supplier<? extends Mono<?>>> cleanups = new ArrayDeque<>(1);
    private Phase phase = Phase.OPEN;
    private @Nullable TaskRun<?> body;
    private @Nullable Throwable failure;
    private @Nullable String reason;

    GroupCore(GroupSettings settings, Context outer) {
        this.settings = settings;
        this.siblings = new Siblings(settings.limit());
        this.parent = TaskRun.in(outer);
        this.parentHold = parent == null ? TaskHold.NONE : parent.hold();
        this.deadline = settings.deadline() == null ? null : Deadline.after(settings.deadline(), outer, timer);
        this.context = deadline == null ? outer : outer.put(Deadline.class, deadline);
        TaskTree.add(this);
    }

    /** Starts the clock of the deadline, once all is set up. */
    void begin() {
        if (deadline == null) {
            return;
        }
        long left = deadline.remainingNanos();
        if (left == 0) {
            fail(deadline.exceeded(null)); // before anything is started
        } else {
            timers.add(timer.schedule(() -> fail(deadline.exceeded(null)), left, TimeUnit.NANOSECONDS));
        }
    }

    // ---- tasks ----

    <T> TaskRun<T> start(String name, Mono<T> mono) {
        TaskRun<T> task = new TaskRun<>(this, name, mono, clock.nanos());
        if (TaskTree.recordsOrigins()) {
            task.extra().origin = TaskTree.caller();
        }
        boolean now;
        synchronized (lock) {
            if (phase != Phase.OPEN || size() >= settings.maxTasks()) {
                throw new TaskRejectedException(settings.name(), name, size(), settings.maxTasks());
            }
            now = siblings.add(task);
        }
        if (TaskTree.isWatched()) {
            TaskTree.started(task);
        }
        if (now) {
            task.run();
        }
        return task;
    }

    /** Makes the body's task, to be run by the caller. */
    <R> TaskRun<R> body(Mono<R> mono) {
        TaskRun<R> task = new TaskRun<>(this, settings.name(), mono, startNanos);
        synchronized (lock) {
            body = task;
            siblings.addBody(task);
        }
        return task;
    }

    boolean isBody(TaskRun<?> task) {
        return task == body;
    }

    /** A task has failed, and has not ended yet. */
    void failed(TaskRun<?> task, Throwable error) {
        if (settings.failFast() || isBody(task)) {
            fail(error);
            return;
        }
        BiConsumer<? super Task<?>, ? super Throwable> handler = settings.onFailure();
        if (handler != null) {
            try {
                handler.accept(task, error);
            } catch (Throwable t) { // the handler has nobody to tell
                Operators.onErrorDropped(t, context);
            }
        } else if (!task.isAwaited()) {
            LOG.warn(
                    "task '" + task.name() + "' of group '" + settings.name() + "' failed, and nobody waits for it",
                    error);
        }
    }

    /** A task that has its verdict has failed on top of it: for instance, one that was cancelled because of a failure. */
    void failedLate(Throwable error) {
        synchronized (lock) {
            if (failure != null && phase != Phase.ENDED) {
                Failures.add(failure, error);
                return;
            }
        }
        Operators.onErrorDropped(error, context);
    }

    /** A task has ended. */
    void ended(TaskRun<?> task) {
        if (isBody(task) && task.isCancelled()) {
            cancel(task.reason());
        }
        TaskRun<?> next = null;
        boolean clean;
        synchronized (lock) {
            siblings.remove(task);
            clean = cleans();
            if (phase.compareTo(Phase.CANCELLING) < 0) {
                next = siblings.admit();
            }
        }
        if (clean) {
            clean();
        } else if (next != null) {
            Trampoline.run(next);
        }
    }

    // ---- the end ----

    void close() {
        boolean clean;
        synchronized (lock) {
            if (phase != Phase.OPEN) {
                return;
            }
            phase = Phase.CLOSING;
            clean = cleans();
        }
        if (clean) {
            clean();
        } else {
            String why = "not done within the grace of " + settings.grace();
            timers.add(timer.schedule(() -> cancel(why), Deadline.nanos(settings.grace()), TimeUnit.NANOSECONDS));
        }
    }

    void cancel(@Nullable String why) {
        cancelAll(null, why);
    }

    void fail(Throwable error) {
        cancelAll(error, "a failure in group '" + settings.name() + "'");
    }

    private void cancelAll(@Nullable Throwable error, @Nullable String why) {
        List<TaskRun<?>> all;
        boolean clean;
        synchronized (lock) {
            if (phase == Phase.ENDED || (error == null && phase.compareTo(Phase.CANCELLING) >= 0)) {
                return;
            }
            if (error != null && failure != null) {
                Failures.add(failure, error);
            } else if (error != null) {
                failure = error;
            }
            if (phase.compareTo(Phase.CANCELLING) >= 0) {
                return;
            }
            phase = Phase.CANCELLING;
            reason = why;
            all = siblings.copy();
            clean = cleans();
        }
        for (TaskRun<?> task : all) {
            try {
                task.cancel(why);
            } catch (Throwable t) { // a cancel that throws must not keep the others alive
                Operators.onErrorDropped(t, context);
            }
        }
        if (clean) {
            clean();
        }
    }

    /** Under the lock: whether the caller is the one to start cleaning. */
    private boolean cleans() {
        boolean now =
                siblings.size() == 0 && phase.compareTo(Phase.CLEANING) < 0 && (phase != Phase.OPEN || body != null);
        if (now) {
            phase = Phase.CLEANING;
        }
        return now;
    }

    void onClose(Supplier<? extends Mono<?>> cleanup) {
        synchronized (lock) {
            if (phase != Phase.ENDED) {
                cleanups.push(cleanup);
                return;
            }
        }
        throw new IllegalStateException("group '" + settings.name() + "' has ended; nothing would run the clean-up");
    }

    /** Runs the clean-ups one after another, the last registered first, each within the grace, and ends. */
    private void clean() {
        Supplier<? extends Mono<?>> first = nextCleanup();
        if (first == null) {
            end();
            return;
        }
        try {
            clean(first);
        } catch (Throwable t) { // what Reactor throws on instead of telling it
            fail(t);
            clean();
        }
    }

    private void clean(Supplier<? extends Mono<?>> first) {
        Flux.<Supplier<? extends Mono<?>>>generate(sink -> {
                    Supplier<? extends Mono<?>> cleanup = nextCleanup();
                    if (cleanup == null) {
                        sink.complete();
                    } else {
                        sink.next(cleanup);
                    }
                })
                .startWith(first)
                .concatMap(this::attempt, 0)
                .contextWrite(context.delete(Deadline.class).readOnly())
                .subscribe(null, error -> end(), this::end);
    }

    private Mono<Void> attempt(Supplier<? extends Mono<?>> cleanup) {
        Duration grace = Duration.ofNanos(Deadline.nanos(settings.grace()));
        return Mono.defer(cleanup).then().timeout(grace, timer).onErrorResume(error -> {
            fail(error);
            return Mono.empty();
        });
    }

    private @Nullable Supplier<? extends Mono<?>> nextCleanup() {
        synchronized (lock) {
            Supplier<? extends Mono<?>> cleanup = cleanups.poll();
            if (cleanup == null) {
                phase = Phase.ENDED;
            }
            return cleanup;
        }
    }

    private void end() {
        timers.dispose();
        TaskTree.remove(this);
        try {
            joiners.tellAll();
        } finally {
            parentHold.release();
        }
    }

    // ---- what others see ----

    @Override
    public String name() {
        return settings.name();
    }

    Context context() {
        return context;
    }

    Clock clock() {
        return clock;
    }

    @Nullable
    TaskRun<?> parent() {
        return parent;
    }

    boolean isOpen() {
        synchronized (lock) {
            return phase == Phase.OPEN;
        }
    }

    /** Phase and tasks, for the tree. */
    String phase() {
        synchronized (lock) {
            return phase.name();
        }
    }

    int size() {
        synchronized (lock) {
            return siblings.size() - (body != null && siblings.first() == body ? 1 : 0);
        }
    }

    /** The first tasks, without the body. */
    List<TaskRun<?>> tasks(int max) {
        List<TaskRun<?>> tasks = new ArrayList<>();
        synchronized (lock) {
            for (TaskRun<?> task = siblings.first(); task != null && tasks.size() < max; task = task.next) {
                if (task != body) {
                    tasks.add(task);
                }
            }
        }
        return tasks;
    }

    /** The body, while it runs. */
    @Nullable
    TaskRun<?> body() {
        synchronized (lock) {
            return siblings.first() == body ? body : null;
        }
    }

    Duration age() {
        return Duration.ofNanos(clock.nanos() - startNanos);
    }

    @Nullable
    String reason() {
        synchronized (lock) {
            return reason;
        }
    }

    @Override
    public void add(Joiner joiner) {
        joiners.add(joiner);
    }

    @Override
    public void remove(Joiner joiner) {
        joiners.remove(joiner);
    }

    @Override
    public Outcome<?> known() {
        synchronized (lock) {
            return failure == null ? new Outcome.Empty<>() : new Outcome.Failure<>(failure);
        }
    }

    @Override
    public boolean contains(TaskRun<?> task) {
        for (TaskRun<?> at = task; at != null; at = at.group().parent()) {
            if (at.group() == this) {
                return true;
            }
        }
        return false;
    }
}
