package io.weir.core.sync;

import org.jspecify.annotations.Nullable;
import reactor.core.Exceptions;

/**
 * Signals waiters on the current thread, in constant stack.
 *
 * <p>A signal runs the subscriber's code, which may put, take or release, which makes others ready, whose signals run deeper on
 * the same stack. Up to {@value #DEPTH} levels that is what happens, so that a caller who blocks inside a signal still gets
 * what it waits for; below that the signals are queued, and the outermost level of this thread runs them. The list is the
 * thread's and not the structure's: a subscriber that is slow on one thread does not hold up what another thread delivers.
 */
final class Signals {
    static final int DEPTH = 16;

    private static final ThreadLocal<Signals> OF_THREAD = ThreadLocal.withInitial(Signals::new);

    private int depth;
    private @Nullable Waiter firstDeferred;
    private @Nullable Waiter lastDeferred;

    private Signals() {}

    /** Signals {@code waiter} and all that {@link Waiter#next} leads to. */
    static void deliver(Waiter waiter) {
        Signals signals = OF_THREAD.get();
        if (signals.depth >= DEPTH) {
            signals.defer(waiter);
        } else {
            signals.run(waiter);
        }
    }

    private void run(Waiter first) {
        Throwable thrown = null;
        depth++;
        try {
            thrown = signalAll(first, thrown);
            while (depth == 1 && firstDeferred != null) {
                Waiter deferred = firstDeferred;
                firstDeferred = null;
                lastDeferred = null;
                thrown = signalAll(deferred, thrown);
            }
        } finally {
            depth--;
        }
        if (thrown != null) {
            throw Exceptions.propagate(thrown);
        }
    }

    /** A subscriber that throws breaks its contract; the others are signalled all the same. */
    private static @Nullable Throwable signalAll(Waiter first, @Nullable Throwable thrown) {
        for (Waiter waiter = first; waiter != null; ) {
            Waiter next = waiter.next;
            waiter.next = null;
            try {
                waiter.signal();
            } catch (Throwable t) {
                if (thrown == null) {
                    thrown = t;
                } else if (thrown != t) {
                    thrown.addSuppressed(t);
                }
            }
            waiter = next;
        }
        return thrown;
    }

    private void defer(Waiter first) {
        if (lastDeferred == null) {
            firstDeferred = first;
        } else {
            lastDeferred.next = first;
        }
        Waiter last = first;
        while (last.next != null) {
            last = last.next;
        }
        lastDeferred = last;
    }
}
