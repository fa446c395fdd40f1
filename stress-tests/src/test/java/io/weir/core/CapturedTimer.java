package io.weir.core;

import java.util.Objects;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * Stands in for {@code Schedulers.parallel()}, and runs nothing: the thread that started a timer can ask for its task and run
 * it when it wants the time to be up.
 */
public final class CapturedTimer implements Scheduler {
    private static final ThreadLocal<@Nullable Runnable> LAST = new ThreadLocal<>();

    private CapturedTimer() {}

    /** For the whole process; calling it again does nothing more. */
    public static void install() {
        Schedulers.setFactory(new Schedulers.Factory() {
            @Override
            public Scheduler newParallel(int parallelism, ThreadFactory threads) {
                return new CapturedTimer();
            }
        });
    }

    /** The task of the timer this thread started last. */
    public static Runnable last() {
        return Objects.requireNonNull(LAST.get());
    }

    @Override
    public Disposable schedule(Runnable task) {
        throw new IllegalStateException("only timers are expected");
    }

    @Override
    public Disposable schedule(Runnable task, long delay, TimeUnit unit) {
        LAST.set(task);
        return Disposables.single();
    }

    @Override
    public Worker createWorker() {
        throw new IllegalStateException("only timers are expected");
    }
}
