package io.weir.core.offload;

import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.core.Exceptions;
import reactor.core.scheduler.Schedulers;

/** A Runnable that was scheduled on the pool, or on one worker of its scheduler. */
class Task extends Job implements Disposable {
    final @Nullable SerialWorker worker;
    private final Runnable body;

    Task(Pool pool, @Nullable SerialWorker worker, Runnable body) {
        super(pool);
        this.worker = worker;
        this.body = Schedulers.onSchedule(body);
    }

    /**
     * Has {@code body} run when a thread is free.
     *
     * @throws java.util.concurrent.RejectedExecutionException if there is no place, or the pool is closed
     */
    static Task soon(Pool pool, @Nullable SerialWorker worker, Runnable body) {
        Task task = new Task(pool, worker, body);
        task.enter();
        try {
            task.hand();
        } catch (Throwable t) { // no thread could be started
            task.dispose();
            throw Exceptions.failWithRejected(t);
        }
        return task;
    }

    final void enter() {
        try {
            pool.enter();
        } catch (OffloadRejectedException e) {
            throw pool.isClosed() ? Exceptions.failWithRejected(e) : e;
        }
        if (!enqueued()) {
            throw new IllegalStateException("a task was scheduled twice");
        }
    }

    final void hand() {
        if (worker != null) {
            worker.add(this);
        } else {
            pool.enqueue(this);
        }
    }

    @Override
    final void work() {
        body.run();
    }

    @Override
    void ended(@Nullable Throwable error, boolean cancelled) {
        if (error != null && !cancelled) {
            Uncaught.report(error);
        }
    }

    @Override
    void refused(OffloadRejectedException closed) {
        // who scheduled it has closed the pool, and Reactor's schedulers do not tell either
    }

    @Override
    final void dropped() {
        if (worker != null) {
            worker.tasks.addHusk();
        } else {
            super.dropped();
        }
    }

    /** It does not run, or run again, but if it runs, it may end. True if this ended it. */
    boolean stop() {
        return cancelWaiting();
    }

    /** A task that waits does not run; one that runs is interrupted, unless it is itself that disposes. */
    @Override
    public void dispose() {
        cancelJob();
    }

    @Override
    public final boolean isDisposed() {
        return isDone() || isCancelled();
    }
}
