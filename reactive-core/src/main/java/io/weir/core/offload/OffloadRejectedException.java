package io.weir.core.offload;

import java.util.concurrent.RejectedExecutionException;

/** A call was refused, because the pool's workers are busy and its queue is full, or because it is closed. It did not run. */
public final class OffloadRejectedException extends RejectedExecutionException {
    private static final long serialVersionUID = 1L;

    /** The pool's name. */
    private final String pool;

    /** Its workers. */
    private final int threads;

    /** Calls that ran when this one was refused. */
    private final int active;

    /** Calls that waited. */
    private final int queued;

    /** How many may wait. */
    private final int queueCapacity;

    OffloadRejectedException(String pool, int threads, int active, int queued, int queueCapacity, boolean closed) {
        super("pool '" + pool + "' " + (closed ? "is closed" : "is full") + ": " + active + " of " + threads
                + " threads busy, " + queued + " of " + queueCapacity + " calls queued");
        this.pool = pool;
        this.threads = threads;
        this.active = active;
        this.queued = queued;
        this.queueCapacity = queueCapacity;
    }

    /**
     * Which pool.
     *
     * @return its name
     */
    public String pool() {
        return pool;
    }

    /**
     * The pool's bound on calls that run.
     *
     * @return its number of workers
     */
    public int threads() {
        return threads;
    }

    /**
     * How many calls ran, or were about to, when this one was refused.
     *
     * @return from 0 to {@link #threads()}
     */
    public int active() {
        return active;
    }

    /**
     * How many calls waited when this one was refused.
     *
     * @return from 0 to {@link #queueCapacity()}
     */
    public int queued() {
        return queued;
    }

    /**
     * The pool's bound on calls that wait.
     *
     * @return its queue's capacity
     */
    public int queueCapacity() {
        return queueCapacity;
    }
}
