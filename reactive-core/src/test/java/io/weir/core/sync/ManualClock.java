package io.weir.core.sync;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * A parallel scheduler whose time stands still until it is moved, and whose timers can be as late as a test wants. Virtual time
 * is always on time, which hides drift.
 */
final class ManualClock implements Scheduler, AutoCloseable {
    private record Timer(long at, Runnable task, Disposable.Composite state) {}

    private final List<Timer> timers = new ArrayList<>();
    long now = Long.MAX_VALUE - 1_000_000_000; // a clock may pass the largest long at any time
    int scheduled;
    boolean refuses;

    /** Takes the place of {@code Schedulers.parallel()} until it is closed. */
    ManualClock() {
        Scheduler clock = this;
        Schedulers.setFactory(new Schedulers.Factory() {
            @Override
            public Scheduler newParallel(int parallelism, java.util.concurrent.ThreadFactory threads) {
                return clock;
            }
        });
    }

    @Override
    public void close() {
        Schedulers.resetFactory();
    }

    /** How many timers are set. */
    int pending() {
        timers.removeIf(timer -> timer.state().isDisposed());
        return timers.size();
    }

    /** Moves time without running timers. */
    void sleep(long nanos) {
        now += nanos;
    }

    /** Runs what is due by now, also what that sets. */
    void wake() {
        for (Timer due = due(); due != null; due = due()) {
            timers.remove(due);
            due.state().dispose();
            due.task().run();
        }
    }

    /** Moves time, with each timer run when it is due. */
    void advance(long nanos) {
        long end = now + nanos;
        while (pending() > 0) {
            Timer first = timers.stream()
                    .min(Comparator.comparingLong(timer -> timer.at() - now))
                    .orElseThrow();
            if (first.at() - end > 0) {
                break;
            }
            now += Math.max(0, first.at() - now);
            wake();
        }
        now = end;
    }

    private Timer due() {
        pending();
        return timers.stream()
                .filter(timer -> timer.at() - now <= 0)
                .findFirst()
                .orElse(null);
    }

    @Override
    public long now(TimeUnit unit) {
        return unit.convert(now, TimeUnit.NANOSECONDS);
    }

    @Override
    public Disposable schedule(Runnable task) {
        return schedule(task, 0, TimeUnit.NANOSECONDS);
    }

    @Override
    public Disposable schedule(Runnable task, long delay, TimeUnit unit) {
        if (refuses) {
            throw new RejectedExecutionException("refused for the test");
        }
        scheduled++;
        Timer timer = new Timer(now + unit.toNanos(delay), task, Disposables.composite());
        timers.add(timer);
        return timer.state();
    }

    @Override
    public Worker createWorker() {
        throw new IllegalStateException("nobody needs a worker");
    }
}
