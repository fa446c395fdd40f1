package io.weir.core.sync;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Waiters in the order they came; any of them can leave at once, wherever it stands. Used inside a {@link Turnstile} only, by
 * plain code.
 */
final class WaitList {
    private @Nullable Waiter first;
    private @Nullable Waiter last;

    // Read from outside as well, for statistics.
    private volatile int size;

    int size() {
        return size;
    }

    boolean isEmpty() {
        return first == null;
    }

    @Nullable
    Waiter first() {
        return first;
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // one writer: who is inside
    void add(Waiter waiter) {
        waiter.list = this;
        waiter.previous = last;
        waiter.next = null;
        if (last == null) {
            first = waiter;
        } else {
            last.next = waiter;
        }
        last = waiter;
        size++;
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // one writer: who is inside
    void remove(Waiter waiter) {
        if (waiter.list != this) {
            throw new IllegalStateException("the waiter stands in another list");
        }
        if (waiter.previous == null) {
            first = waiter.next;
        } else {
            waiter.previous.next = waiter.next;
        }
        if (waiter.next == null) {
            last = waiter.previous;
        } else {
            waiter.next.previous = waiter.previous;
        }
        waiter.list = null;
        waiter.next = null;
        waiter.previous = null;
        size--;
    }

    /** Ends the wait of everybody in the list. */
    void endAll(Waiter.State outcome) {
        while (first != null) {
            Objects.requireNonNull(first).end(outcome);
        }
    }
}
