package io.weir.core.offload;

import java.util.Objects;
import java.util.concurrent.LinkedTransferQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The threads of one pool, and the bound on what they may be given.
 *
 * <p>Calls are submitted from event loops, so the queue must not have a lock that a submitter could park on: it is a transfer
 * queue, which has none and no bound either. The bound is a count of what was admitted and has not ended, running or queued.
 */
final class Workers extends ThreadPoolExecutor {
    private final String name;
    private final int threads;
    private final int queueCapacity;
    private final AtomicInteger admitted = new AtomicInteger();
    private final AtomicInteger running = new AtomicInteger();

    Workers(String name, int threads, int queueCapacity) {
        super(checked(threads, queueCapacity), threads, 60, TimeUnit.SECONDS, new LinkedTransferQueue<>());
        this.name = Objects.requireNonNull(name);
        this.threads = threads;
        this.queueCapacity = queueCapacity;
        AtomicInteger number = new AtomicInteger();
        setThreadFactory(task -> {
            Thread thread = new Thread(task, name + "-" + number.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        });
        allowCoreThreadTimeOut(true);
    }

    private static int checked(int threads, int queueCapacity) {
        if (threads < 1 || queueCapacity < 1) {
            throw new IllegalArgumentException(
                    "a pool needs at least 1 thread and room for 1 call, and has " + threads + " and " + queueCapacity);
        }
        return threads;
    }

    /** Runs {@code task} when a thread is free, or throws {@link OffloadRejectedException}. */
    @Override
    public void execute(Runnable task) {
        boolean fits = admitted.incrementAndGet() <= (long) threads + queueCapacity;
        if (fits) {
            try {
                super.execute(task);
                return;
            } catch (RejectedExecutionException e) {
                // closed: told below, with the numbers
            }
        }
        int queued = Math.max(0, admitted.decrementAndGet() - running.get());
        throw new OffloadRejectedException(name, threads, running.get(), queued, queueCapacity, isShutdown());
    }

    /** Takes {@code task} out of the queue, so that a cancelled call does not hold a place. */
    void forget(Runnable task) {
        if (remove(task)) {
            admitted.decrementAndGet();
        }
    }

    @Override
    protected void beforeExecute(Thread thread, Runnable task) {
        running.incrementAndGet();
    }

    @Override
    protected void afterExecute(Runnable task, @Nullable Throwable thrown) {
        running.decrementAndGet();
        admitted.decrementAndGet();
    }

    String load() {
        int active = running.get();
        return name + ", active: " + active + "/" + threads + ", queued: " + Math.max(0, admitted.get() - active) + "/"
                + queueCapacity;
    }
}
