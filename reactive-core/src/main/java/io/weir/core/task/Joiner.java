package io.weir.core.task;

import org.jspecify.annotations.Nullable;

/** One who waits for an end. In at most one {@link Joiners}, whose lock guards the links. */
abstract class Joiner implements Runnable {
    @Nullable
    Joiner previous;

    @Nullable
    Joiner next;

    /** Whether it stands in the list. */
    boolean waits;

    /** Tells the end, once. */
    @Override
    public abstract void run();
}
