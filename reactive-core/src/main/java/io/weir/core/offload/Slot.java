package io.weir.core.offload;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * The place of one worker in its pool: a thread while there is something to do and a minute after, and what it has done so far,
 * which outlasts the thread.
 *
 * <pre>
 * ABSENT ──► AWAKE ──► PARKED ──► AWAKE
 *    ▲                   │
 *    └───────────────────┘    a minute without work, or the pool has ended
 * </pre>
 *
 * <p>A slot that is PARKED or ABSENT is in the {@link IdleStack}; who pops it, and nobody else, makes it AWAKE. Its thread leaves PARKED
 * for ABSENT by a CAS against that. The counts are written by the thread alone and read by anybody.
 */
final class Slot implements Runnable {
    static final long KEEP_ALIVE_NANOS = 60_000_000_000L;

    /** After so many jobs in a row a worker asks whether it is one too many. */
    private static final int STREAK = 256;

    private static final int ABSENT = 0;
    private static final int AWAKE = 1;
    private static final int PARKED = 2;

    private static final VarHandle STARTED = handle("started", long.class);
    private static final VarHandle DONE = handle("done", long.class);
    private static final VarHandle FAILED = handle("failed", long.class);
    private static final VarHandle CANCELLED = handle("cancelled", long.class);
    private static final VarHandle BUSY_NANOS = handle("busyNanos", long.class);
    private static final VarHandle BUSY_SINCE = handle("busySince", long.class);
    private static final VarHandle CURRENT = handle("current", Job.class);

    final int index;

    /** Written by who pushes this on the {@link IdleStack}. */
    volatile int below;

    private final Pool pool;
    private final AtomicInteger state = new AtomicInteger(ABSENT);
    private volatile @Nullable Thread thread;

    // Of the thread alone, but read by others.
    private long started;
    private long done;
    private long failed;
    private long cancelled;
    private long busyNanos;
    private long busySince;
    private @Nullable Job current;

    Slot(Pool pool, int index) {
        this.pool = pool;
        this.index = index;
    }

    private static VarHandle handle(String field, Class<?> type) {
        try {
            return MethodHandles.lookup().findVarHandle(Slot.class, field, type);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    // Started and ended: by the thread, for each job.

    void take(Job job) {
        CURRENT.setRelease(this, job);
    }

    void letGo() {
        CURRENT.setRelease(this, (Job) null);
    }

    void started() {
        STARTED.setRelease(this, started + 1);
    }

    void ended(boolean wasCancelled, boolean hasFailed) {
        if (wasCancelled) {
            CANCELLED.setRelease(this, cancelled + 1);
        } else if (hasFailed) {
            FAILED.setRelease(this, failed + 1);
        } else {
            DONE.setRelease(this, done + 1);
        }
        letGo();
    }

    private void busy(boolean nowBusy) {
        long now = System.nanoTime() | 1; // zero means idle
        long since = busySince;
        if (nowBusy && since == 0) {
            BUSY_SINCE.setRelease(this, now);
        } else if (!nowBusy && since != 0) {
            BUSY_SINCE.setRelease(this, 0L);
            BUSY_NANOS.setRelease(this, busyNanos + now - since);
        }
    }

    // Read by anybody.

    long starts() {
        return (long) STARTED.getAcquire(this);
    }

    long done() {
        return (long) DONE.getAcquire(this);
    }

    long failed() {
        return (long) FAILED.getAcquire(this);
    }

    long cancelled() {
        return (long) CANCELLED.getAcquire(this);
    }

    long busyNanos() {
        long since = (long) BUSY_SINCE.getAcquire(this);
        return (long) BUSY_NANOS.getAcquire(this) + (since == 0 ? 0 : Math.max(0, System.nanoTime() - since));
    }

    @Nullable
    Job current() {
        return (Job) CURRENT.getAcquire(this);
    }

    /** Popped from the idle stack by this caller: back to work, on a new thread if there is none. */
    void wake() {
        if (state.compareAndSet(PARKED, AWAKE)) {
            LockSupport.unpark(thread);
            return;
        }
        state.set(AWAKE);
        try {
            Thread fresh = pool.newThread(this);
            thread = fresh;
            fresh.start();
        } catch (Throwable t) { // no memory for a thread
            thread = null;
            state.set(ABSENT);
            throw t;
        }
    }

    /** The pool has ended: a thread that is parked ends too. */
    void retire() {
        if (state.compareAndSet(PARKED, ABSENT)) {
            LockSupport.unpark(thread);
        }
    }

    void unpark() {
        LockSupport.unpark(thread);
    }

    /** The thread's life: it is started, and woken, with the role of the searcher. */
    @Override
    public void run() {
        Search.OWNER.set(pool);
        do {
            Work work = pool.search.search(this);
            while (work != null) {
                busy(true);
                boolean more = runAll(work);
                busy(false);
                work = more ? null : pool.search.searchOn(this);
            }
        } while (park());
    }

    /** Runs what is in the queue; true if this is one worker too many for it, and is to rest though there is more. */
    private boolean runAll(Work first) {
        long start = busySince;
        int streak = 0;
        for (Work work = first; work != null; work = pool.queue.poll()) {
            try {
                work.run(this);
            } catch (Throwable t) { // no memory: the worker goes on all the same
                Uncaught.report(t);
            }
            if (++streak == STREAK) {
                long now = System.nanoTime();
                if (pool.search.isOneTooMany((now - start) / STREAK)) {
                    return true;
                }
                start = now;
                streak = 0;
            }
        }
        return false;
    }

    /** May be woken from here on. */
    void goIdle() {
        state.set(PARKED);
        pool.idle.push(this);
        pool.search.lookAgain();
    }

    boolean isAwake() {
        return state.get() == AWAKE;
    }

    /** False if this thread is to end. */
    private boolean park() {
        goIdle();
        long since = System.nanoTime();
        while (state.get() == PARKED) {
            long left = KEEP_ALIVE_NANOS - (System.nanoTime() - since);
            if (pool.isTerminated() || left <= 0) {
                if (state.compareAndSet(PARKED, ABSENT)) {
                    return false;
                }
                break;
            }
            LockSupport.parkNanos(this, left);
            Thread.interrupted(); // of no meaning here, and it would make the park return at once
        }
        return isAwake();
    }
}
