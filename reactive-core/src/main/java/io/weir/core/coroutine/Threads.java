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

    /** Runs {@code body} on a thread of its own, or throws; the body gives its place back with {@link #leave}. */
    static void start(Runnable body) {
        if (RUNNING.incrementAndGet() > LIMIT) {
            RUNNING.decrementAndGet();
            throw new CoroutineRejectedException(LIMIT);
        }
        try {
            EXECUTOR.execute(body);
        } catch (RejectedExecutionException | OutOfMemoryError e) { // no thread to be had
            RUNNING.decrementAndGet();
            throw new CoroutineRejectedException(LIMIT, e);
        }
    }

    /** The body has returned: before anybody is told, so that whoever hears of it may start the next one. */
    static void leave() {
        RUNNING.decrementAndGet();
    }

    /** How many bodies run, for tests. */
    static int running() {
        return RUNNING.get();
    }

    private static Executor executor(ThreadFactory threads) {
        if (Offload.hasVirtualThreads()) {
            return body -> threads.newThread(body).start();
        }
        // Twice as many threads as places: one that has given its place back may still be telling its outcome.
        int most = (int) Math.min(2L * LIMIT, Integer.MAX_VALUE);
        return new ThreadPoolExecutor(0, most, 60, TimeUnit.SECONDS, new SynchronousQueue<>(), threads);
    }
}
