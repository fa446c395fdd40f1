package io.weir.core.sync;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Waiters in the order they came; any of them can leave at once, wherever it stands. Used inside a {@link Turnstile} only, by
 * plain code.
 */
final class WaitList {
    private static final VarHandle SIZE;

    static {
        try {
            SIZE = MethodHandles.lookup().findVarHandle(WaitList.class, "size", int.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private @Nullable Waiter first;
    private @Nullable Waiter last;

    // Read opaquely by those who look from outside.
    private int size;

    int size() {
        return (int) SIZE.getOpaque(this);
    }

    boolean isEmpty() {
        return first == null;
    }

    @Nullable
    Waiter first() {
        return first;
    }

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
        SIZE.setOpaque(this, size + 1);
    }

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
        SIZE.setOpaque(this, size - 1);
    }

    /** Ends the wait of everybody in the list. */
    void endAll(Waiter.State outcome) {
        while (first != null) {
            Objects.requireNonNull(first).end(outcome);
        }
    }
}
