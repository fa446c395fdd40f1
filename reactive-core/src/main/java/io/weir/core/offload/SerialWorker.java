package io.weir.core.offload;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.core.Exceptions;
import reactor.core.Scannable;
import reactor.core.scheduler.Scheduler;

/**
 * A worker of a pool's scheduler: its tasks run one after the other in the order they came, on whichever thread of the pool is free.
 *
 * <p><b>State.</b> {@code missed}: how many arrivals the line in the pool has not looked at; above zero, the line is in the pool's queue or runs, so it
 * is there at most once. <b>Writers.</b> Who adds raises it, and puts the line into the pool if it was zero; the line, when it has run what it found,
 * subtracts what it saw, and goes to the pool again unless that leaves zero. After {@value #TURN} tasks it lets others have the thread.
 *
 * <p><b>Loss.</b> A task is in the line before {@code missed} is raised; so it is found, or its arrival is left over and the line runs again. One
 * that is scheduled while the worker is disposed is either seen by the dispose or sees the flag itself, and is then cancelled and refused.
 *
 * <p><b>Proof.</b> {@code SchedulerLawsTest}, {@code WorkerDisposeRace}.
 */
final class SerialWorker implements Scheduler.Worker, Work, Scannable {
    private static final int TURN = 64;

    private final Pool pool;
    private final PoolScheduler parent;
    private final AtomicInteger missed = new AtomicInteger();
    private volatile boolean disposed;

    final WorkQueue<Task> tasks;

    /** Those of its tasks that wait for their time. */
    final Set<TimedTask> timed = ConcurrentHashMap.newKeySet(1);

    /** What runs now. */
    volatile @Nullable Task running;

    SerialWorker(Pool pool, PoolScheduler parent) {
        this.pool = pool;
        this.parent = parent;
        this.tasks = new WorkQueue<>(pool::admitted);
    }

    @Override
    public Disposable schedule(Runnable task) {
        return checked(disposed ? null : Task.soon(pool, this, task));
    }

    @Override
    public Disposable schedule(Runnable task, long delay, TimeUnit unit) {
        if (delay <= 0) {
            return schedule(task);
        }
        return checked(disposed ? null : TimedTask.later(pool, this, task, unit.toNanos(delay)));
    }

    @Override
    public Disposable schedulePeriodically(Runnable task, long initialDelay, long period, TimeUnit unit) {
        return checked(
                disposed
                        ? null
                        : TimedTask.periodic(pool, this, task, unit.toNanos(initialDelay), unit.toNanos(period)));
    }

    /** A task that has begun is not refused: it may be what disposed. */
    private Task checked(@Nullable Task task) {
        if (task == null || (disposed && task.stop())) {
            throw Exceptions.failWithRejected();
        }
        return task;
    }

    void add(Task task) {
        tasks.add(task);
        if (missed.getAndIncrement() == 0) {
            pool.enqueue(this);
        }
    }

    @Override
    public void run(Slot slot) {
        int seen = missed.get();
        for (int i = 0; i < TURN; i++) {
            Task task = tasks.poll();
            if (task != null) {
                run(task, slot);
            } else {
                seen = missed.addAndGet(-seen);
                if (seen == 0) {
                    return;
                }
            }
        }
        pool.enqueue(this);
    }

    private void run(Task task, Slot slot) {
        if (pool.isClosedAtOnce()) {
            task.refuse(pool.rejection());
            return;
        }
        running = task;
        if (disposed) {
            task.dispose(); // who disposed may have found it neither in the line nor here
        }
        task.run(slot);
        running = null;
    }

    @Override
    public boolean isObsolete() {
        return false; // or what comes later would not be seen
    }

    @Override
    public void refuse(OffloadRejectedException closed) {
        int seen = missed.get();
        do {
            for (Task task = tasks.poll(); task != null; task = tasks.poll()) {
                task.refuse(closed);
            }
            seen = missed.addAndGet(-seen);
        } while (seen != 0);
    }

    @Override
    public void dispose() {
        disposed = true;
        timed.forEach(TimedTask::dispose);
        tasks.entries().forEach(Task::dispose);
        Task current = running;
        if (current != null) {
            current.dispose();
        }
    }

    @Override
    public boolean isDisposed() {
        return disposed;
    }

    @Override
    public @Nullable Object scanUnsafe(Attr key) {
        if (key == Attr.BUFFERED) {
            return tasks.length();
        }
        if (key == Attr.TERMINATED || key == Attr.CANCELLED) {
            return disposed;
        }
        if (key == Attr.PARENT) {
            return parent;
        }
        return key == Attr.NAME ? pool.name + ".worker" : null;
    }
}
