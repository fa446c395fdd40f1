package io.weir.core.sync;

import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;

/**
 * What {@link AsyncSemaphore#acquire()} and {@link AsyncLock#lock()} hand out: the right to be inside, until it is released.
 *
 * <p>Releasing gives it to the next in line. A permit that is never released is lost for good: prefer {@code withPermit} and
 * {@code withLock}, which cannot forget.
 */
public final class Permit implements AutoCloseable {
    /**
     * <pre>
     * HELD ──► RELEASED
     *  ▲ │        ▲
     *  │ ▼        │
     * LENT ───────┘      to a condition; released meanwhile, it is not taken again
     * </pre>
     */
    private enum State {
        HELD,
        LENT,
        RELEASED
    }

    private static final AtomicReferenceFieldUpdater<Permit, State> STATE =
            AtomicReferenceFieldUpdater.newUpdater(Permit.class, State.class, "state");

    final AsyncSemaphore semaphore;
    private final int weight;
    private volatile State state = State.HELD;

    Permit(AsyncSemaphore semaphore, int weight) {
        this.semaphore = semaphore;
        this.weight = weight;
    }

    /** Gives it back. From any thread; a second call does nothing, so that it is given back once. */
    public void release() {
        if (STATE.getAndSet(this, State.RELEASED) == State.HELD) {
            semaphore.release(weight);
        }
    }

    /** As {@link #release()}, for try-with-resources in blocking code. */
    @Override
    public void close() {
        release();
    }

    /**
     * Whether it is held: not released, and not given up to {@linkplain AsyncCondition#await wait for a condition}.
     *
     * @return true while its holder is inside
     */
    public boolean isHeld() {
        return state == State.HELD;
    }

    /** From held to lent; then who called gives back what it stood for. */
    boolean lend() {
        return STATE.compareAndSet(this, State.HELD, State.LENT);
    }

    /** From lent to held, for who has taken again what it stands for; false where it was released meanwhile. */
    boolean renew() {
        return STATE.compareAndSet(this, State.LENT, State.HELD);
    }
}
