package io.weir.core.offload;

import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.core.Scannable;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/** A pool as Reactor sees it. Its clock is {@code Schedulers.parallel()}, so that virtual time drives it. */
final class PoolScheduler implements Scheduler, Scannable {
    private final Pool pool;
    private final boolean shared;

    /** A shared one has no end. */
    PoolScheduler(Pool pool, boolean shared) {
        this.pool = pool;
        this.shared = shared;
    }

    @Override
    public Disposable schedule(Runnable task) {
        return Task.soon(pool, null, task);
    }

    @Override
    public Disposable schedule(Runnable task, long delay, TimeUnit unit) {
        return delay <= 0 ? schedule(task) : TimedTask.later(pool, null, task, unit.toNanos(delay));
    }

    @Override
    public Disposable schedulePeriodically(Runnable task, long initialDelay, long period, TimeUnit unit) {
        return TimedTask.periodic(pool, null, task, unit.toNanos(initialDelay), unit.toNanos(period));
    }

    @Override
    public Worker createWorker() {
        return new SerialWorker(pool, this);
    }

    @Override
    public void dispose() {
        if (!shared) {
            pool.closeNow();
        }
    }

    @Override
    public Mono<Void> disposeGracefully() {
        return shared
                ? Mono.empty()
                : Mono.defer(() -> {
                    pool.close();
                    return pool.terminated();
                });
    }

    @Override
    public boolean isDisposed() {
        return pool.isClosed();
    }

    @Override
    public long now(TimeUnit unit) {
        return Schedulers.parallel().now(unit);
    }

    @Override
    public @Nullable Object scanUnsafe(Attr key) {
        if (key == Attr.TERMINATED) {
            return pool.isTerminated();
        }
        if (key == Attr.CANCELLED) {
            return pool.isClosed();
        }
        if (key == Attr.CAPACITY) {
            return pool.statistics().threads();
        }
        if (key == Attr.BUFFERED) {
            return pool.statistics().queued();
        }
        return key == Attr.NAME ? pool.name : null;
    }

    @Override
    public String toString() {
        return "Offload(" + pool.name + ")";
    }
}
