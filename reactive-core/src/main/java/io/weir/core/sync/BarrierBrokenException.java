package io.weir.core.sync;

/** A barrier was aborted, or reset while tasks waited at it. */
public final class BarrierBrokenException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** How many the barrier is for. */
    private final int parties;

    /** How many waited. */
    private final int waiting;

    /** Whether it was a reset. */
    private final boolean reset;

    BarrierBrokenException(int parties, int waiting, boolean reset) {
        super("barrier " + (reset ? "reset" : "aborted") + " while " + waiting + " of " + parties + " waited");
        this.parties = parties;
        this.waiting = waiting;
        this.reset = reset;
    }

    /**
     * How many tasks the barrier is for.
     *
     * @return at least 1
     */
    public int parties() {
        return parties;
    }

    /**
     * How many waited when it broke.
     *
     * @return from 0 to one less than {@link #parties()}
     */
    public int waiting() {
        return waiting;
    }

    /**
     * Whether the barrier can be used again at once.
     *
     * @return true after {@link AsyncBarrier#reset()}, false after {@link AsyncBarrier#abort()}
     */
    public boolean isReset() {
        return reset;
    }
}
