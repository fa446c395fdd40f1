package io.weir.core.process;

import io.weir.core.offload.Offload;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import reactor.core.Disposable;
import reactor.core.scheduler.Scheduler;

/**
 * The threads that wait on pipes, and how many processes may run at once.
 *
 * <p>They are platform threads on every JDK: a read of a pipe holds the thread below a virtual one too, and hundreds of processes that are silent
 * would take those of everybody. A process has at most three calls that wait, one for each pipe, so four threads for each leave some for the rest:
 * the pool is never full, and nothing that has to end a process is ever refused.
 */
final class Workers {
    static final String LIMIT_PROPERTY = "weir.process.limit";

    private static final int LIMIT = Math.max(1, Integer.getInteger(LIMIT_PROPERTY, 256));
    private static final int THREADS_EACH = 4;
    private static final int QUEUED_EACH = 64;
    private static final AtomicInteger RUNNING = new AtomicInteger();

    static final Offload POOL = Offload.bounded("weir-process", THREADS_EACH * LIMIT, QUEUED_EACH * LIMIT);

    static final Scheduler SCHEDULER = POOL.scheduler();

    private Workers() {}

    /** Takes a place for a process, or throws; it is given back with {@link #leave}. */
    static void enter() {
        if (RUNNING.incrementAndGet() > LIMIT) {
            RUNNING.decrementAndGet();
            throw new ProcessRejectedException(LIMIT);
        }
    }

    static void leave() {
        RUNNING.decrementAndGet();
    }

    /** How many places are taken, for tests. */
    static int running() {
        return RUNNING.get();
    }

    static void run(Runnable work) {
        Disposable ignored = SCHEDULER.schedule(work);
    }

    static void run(Runnable work, long delayMillis) {
        Disposable ignored = SCHEDULER.schedule(work, delayMillis, TimeUnit.MILLISECONDS);
    }
}
