package io.weir.core.offload;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.scheduler.Schedulers;

/**
 * A task for later, or for every now and then.
 *
 * <p>It has its place in the pool from when it is scheduled, so that when it is due it is never refused, for there would be nobody to tell. A
 * periodic one keeps its place between its runs; ticks that come while it waits or runs are counted and made up for, as by a JDK
 * scheduler at a fixed rate.
 */
final class TimedJob extends ScheduledJob {
    private static final long ONCE = -1;

    private final long periodNanos;
    private final Disposable.Swap timer = Disposables.swap();
    private final AtomicLong due = new AtomicLong();
    private volatile boolean stopped;

    private TimedJob(Pool pool, @Nullable SerialWorker worker, Runnable body, long periodNanos) {
        super(pool, worker, body);
        this.periodNanos = periodNanos;
    }

    /** After {@code delayNanos}. Throws as {@link ScheduledJob#soon}. */
    static ScheduledJob later(Pool pool, @Nullable SerialWorker worker, Runnable body, long delayNanos) {
        return new TimedJob(pool, worker, body, ONCE).start(delayNanos);
    }

    /** After {@code delayNanos}, and again after each {@code periodNanos}; zero: always again. Throws as {@link ScheduledJob#soon}. */
    static ScheduledJob periodic(
            Pool pool, @Nullable SerialWorker worker, Runnable body, long delayNanos, long periodNanos) {
        return new TimedJob(pool, worker, body, Math.max(0, periodNanos)).start(delayNanos);
    }

    private TimedJob start(long delayNanos) {
        enter();
        pool.timed.add(this);
        if (worker != null) {
            worker.timed.add(this);
        }
        timer.update(
                periodNanos > 0
                        ? Schedulers.parallel()
                                .schedulePeriodically(this::tick, delayNanos, periodNanos, TimeUnit.NANOSECONDS)
                        : Schedulers.parallel().schedule(this::tick, delayNanos, TimeUnit.NANOSECONDS));
        if (pool.isClosed()) {
            stop(); // who closed may have looked before it was there
        }
        return this;
    }

    /** On the clock's thread, which must not wait and does not. */
    private void tick() {
        if (periodNanos == ONCE) {
            forget();
        }
        if (due.getAndIncrement() == 0) {
            hand();
        }
    }

    @Override
    boolean isPeriodic() {
        return periodNanos != ONCE && !stopped;
    }

    @Override
    void ended(@Nullable Throwable error, boolean cancelled) {
        super.ended(error, cancelled);
        if (stopped) {
            cancelWaiting(); // it may have gone back to wait before it was stopped
        } else if (isPeriodic() && !cancelled && (periodNanos == 0 || due.decrementAndGet() > 0)) {
            hand();
        }
    }

    @Override
    void refused(OffloadRejectedException closed) {
        end();
    }

    @Override
    boolean stop() {
        stopped = true;
        end();
        return cancelWaiting();
    }

    @Override
    public void dispose() {
        super.dispose();
        end();
    }

    private void end() {
        timer.dispose();
        forget();
    }

    private void forget() {
        pool.timed.remove(this);
        if (worker != null) {
            worker.timed.remove(this);
        }
    }
}
