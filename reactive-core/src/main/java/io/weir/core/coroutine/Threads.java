package io.weir.core.coroutine;

import io.weir.core.offload.Offload;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The threads that bodies run on: a new virtual one each, or one of a capped number of platform threads. A body never waits for a thread:
 * one that awaits another one, which waits for a thread, would do so for ever.
 */
final class Threads {
    /** How many bodies run at most on platform threads, where there are no virtual ones. */
    static final int PLATFORM = 256;

    /** How many run at most on virtual threads. */
    static final int VIRTUAL = 1_000_000;

    private static final int LIMIT =
            Integer.getInteger("weir.coroutine.limit", Offload.hasVirtualThreads() ? VIRTUAL : PLATFORM);
    private static final AtomicInteger RUNNING = new AtomicInteger();
    private static final Executor EXECUTOR = executor(Offload.threads("weir-coroutine"));

    private Threads() {}

    /** Runs {@code body} on a thread of its own, or throws. */
    static void start(Runnable body) {
        if (RUNNING.incrementAndGet() > LIMIT) {
            RUNNING.decrementAndGet();
            throw new CoroutineRejectedException(LIMIT);
        }
        try {
            EXECUTOR.execute(() -> {
                try {
                    body.run();
                } finally {
                    RUNNING.decrementAndGet();
                }
            });
        } catch (RejectedExecutionException | OutOfMemoryError e) { // no thread to be had
            RUNNING.decrementAndGet();
            throw new CoroutineRejectedException(LIMIT, e);
        }
    }

    private static Executor executor(ThreadFactory threads) {
        if (Offload.hasVirtualThreads()) {
            return body -> threads.newThread(body).start();
        }
        // A thread gives its place back a moment before it can take the next body: one more of them than there are
        // places.
        return new ThreadPoolExecutor(0, Integer.MAX_VALUE, 60, TimeUnit.SECONDS, new SynchronousQueue<>(), threads);
    }
}
