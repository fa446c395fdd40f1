package io.weir.core.sync;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** The elements inside a queue, and the order in which they leave. Used inside the turnstile only. */
abstract class Store<T> {
    /** Keeps {@code value}. Where it throws (a comparator may), nothing has changed. */
    abstract void add(T value);

    /** Takes the next one out, or null. Where it throws (a comparator may), nothing has changed. */
    abstract @Nullable T poll();

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
