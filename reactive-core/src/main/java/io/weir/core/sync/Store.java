package io.weir.core.sync;

import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The elements inside a queue, and the order in which they leave. Used inside the turnstile only. */
abstract class Store<T> {
    /** Keeps {@code value}. Where it throws (a comparator may), nothing has changed. */
    abstract void add(T value);

    /** Keeps {@code from[start]} and, as many as it can at once, what follows until {@code end}: tells how many. As {@link #add}. */
    @SuppressWarnings("unchecked") // offered by putters of T
    int addSome(@Nullable Object[] from, int start, int end) {
        add((T) Objects.requireNonNull(from[start]));
        return 1;
    }

    /** Takes the next one out, or null. Where it throws (a comparator may), nothing has changed. */
    abstract @Nullable T poll();

    /** Takes out the next ones, no more than {@code most}, which is no more than {@link #batch}: tells how many. As {@link #poll}. */
    int pollSome(@Nullable Object[] into, int most) {
        T value = most == 0 ? null : poll();
        if (value == null) {
            return 0;
        }
        into[0] = value;
        return 1;
    }

    /** How many a stream may take in one turn. */
    int batch() {
        return 1;
    }

    /** Takes one back that {@link #poll} gave out and nobody got: it leaves next. Where it throws, nothing has changed. */
    abstract void giveBack(T value);

    /** Takes all out, in any order. Asks no comparator, so it cannot throw half-way. */
    abstract void drainTo(List<? super T> drained);

    abstract int size();
}
