package io.weir.core.sync;

/** One who waits for room. */
abstract class Putter<T> extends Waiter {
    Putter(Turnstile turnstile) {
        super(turnstile);
    }

    /** Inside, while it stands in the line: the element it wants to put next. */
    abstract T offered();

    /** Inside: that element was accepted; the last one ends the wait. */
    abstract void accepted();

    /** Inside: that element was refused, because a comparator threw. */
    abstract void rejected(Throwable error);
}
