package io.weir.core.task;

import org.jspecify.annotations.Nullable;
import reactor.core.Exceptions;

/**
 * Those who wait for the end of a task or of a group.
 *
 * <p><b>State.</b> A list, and whether the end has come. <b>Writers.</b> Anybody, under this object's lock, which is held for a
 * few links only. <b>Invariant.</b> A joiner is told once: by {@link #tellAll}, or, having come later, by {@link #add}; one that
 * was removed before is not told. <b>Callbacks.</b> Run outside the lock, through the trampoline.
 */
final class Joiners {
    private @Nullable Joiner first;
    private @Nullable Joiner last;
    private boolean told;

    /** Has {@code joiner} wait, or tells it at once. */
    void add(Joiner joiner) {
        synchronized (this) {
            if (!told) {
                joiner.waits = true;
                joiner.previous = last;
                if (last == null) {
                    first = joiner;
                } else {
                    last.next = joiner;
                }
                last = joiner;
                return;
            }
        }
        Trampoline.run(joiner);
    }

    /** True if it was waiting, and will not be told. */
    synchronized boolean remove(Joiner joiner) {
        if (!joiner.waits) {
            return false;
        }
        unlink(joiner);
        return true;
    }

    synchronized boolean isEmpty() {
        return first == null;
    }

    /** The end has come: tells all, in the order in which they came. */
    void tellAll() {
        Throwable thrown = null;
        for (Joiner joiner = next(); joiner != null; joiner = next()) {
            try {
                Trampoline.run(joiner);
            } catch (Throwable t) { // the others wait all the same
                thrown = thrown == null ? t : Failures.add(thrown, t);
            }
        }
        if (thrown != null) {
            throw Exceptions.propagate(thrown);
        }
    }

    private synchronized @Nullable Joiner next() {
        told = true;
        Joiner joiner = first;
        if (joiner != null) {
            unlink(joiner);
        }
        return joiner;
    }

    private void unlink(Joiner joiner) {
        if (joiner.previous == null) {
            first = joiner.next;
        } else {
            joiner.previous.next = joiner.next;
        }
        if (joiner.next == null) {
            last = joiner.previous;
        } else {
            joiner.next.previous = joiner.previous;
        }
        joiner.previous = null;
        joiner.next = null;
        joiner.waits = false;
    }
}
