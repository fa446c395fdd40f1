package io.weir.core.sync;

import org.jspecify.annotations.Nullable;

/** One who waits for an element. */
abstract class Taker<T> extends Waiter {
    Taker(Turnstile turnstile) {
        super(turnstile);
    }

    /** Inside: whether it still wants one; if so, it is handed one in this very turn. */
    boolean claim() {
        return true;
    }

    /** Inside: gives it the element, and ends its wait. */
    abstract void hand(T value);

    /** Inside: the queue is closed and empty, or {@code error} kept it from giving one. */
    abstract void refuse(@Nullable Throwable error);
}
