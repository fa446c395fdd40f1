package io.weir.core.sync;

import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.scheduler.Scheduler;

/**
 * The clock of one limiter, which goes on when it is told to: many of them race at once in one JVM, so it cannot stand in for
 * {@code Schedulers.parallel()}.
 */
final class ManualTime implements Scheduler {
    private record Timer(long at, Runnable task, Disposable state) {}

    private final AtomicLong now = new AtomicLong();
    private final ConcurrentLinkedQueue<Timer> timers = new ConcurrentLinkedQueue<>();

    /** As {@link RateLimiter#acquire()}, by this clock. */
    void acquire(RateLimiter limiter, Probe<Void> probe) {
        TokenWait wait = new TokenWait(limiter, this, null, probe);
        probe.onSubscribe(wait);
        wait.start();
    }

    /** Lets time pass, and runs the timers that are due then. */
    void advance(int seconds) {
        long end = now.addAndGet(TimeUnit.SECONDS.toNanos(seconds));
        for (Timer timer : timers) {
            if (timer.at <= end && timers.remove(timer) && !timer.state.isDisposed()) {
                timer.task.run();
            }
        }
    }

    /** How many timers are set. */
    int pending() {
        timers.removeIf(timer -> timer.state.isDisposed());
        return timers.size();
    }

    @Override
    public long now(TimeUnit unit) {
        return unit.convert(now.get(), TimeUnit.NANOSECONDS);
    }

    @Override
    public Disposable schedule(Runnable task) {
        throw new IllegalStateException("only timers are expected");
    }

    @Override
    public Disposable schedule(Runnable task, long delay, TimeUnit unit) {
        Timer timer = new Timer(now.get() + unit.toNanos(delay), task, Disposables.single());
        timers.add(timer);
        return timer.state;
    }

    @Override
    public Worker createWorker() {
        throw new IllegalStateException("only timers are expected");
    }
}
