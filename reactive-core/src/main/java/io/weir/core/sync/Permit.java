package io.weir.core.sync;

import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;

/**
 * What {@link AsyncSemaphore#acquire()} hands out: the right to be inside, until it is released.
 *
 * <p>Releasing gives it to the next in line. A permit that is never released is lost for good: prefer {@code withPermit}, which
 * cannot forget.
 */
public final class Permit implements AutoCloseable {
    private static final AtomicIntegerFieldUpdater<Permit> HELD =
            AtomicIntegerFieldUpdater.newUpdater(Permit.class, "held");

    private final AsyncSemaphore semaphore;
    private final int weight;
    private volatile int held = 1;

    Permit(AsyncSemaphore semaphore, int weight) {
        this.semaphore = semaphore;
        this.weight = weight;
    }

    /** Gives it back. From any thread; a second call does nothing, so that it is given back once. */
    public void release() {
        if (HELD.compareAndSet(this, 1, 0)) {
            semaphore.release(weight);
        }
    }

    /** As {@link #release()}, for try-with-resources in blocking code. */
    @Override
    public void close() {
        release();
    }

    /**
     * Whether it has not been released.
     *
     * @return true until {@link #release()}
     */
    public boolean isHeld() {
        return held == 1;
    }
}
