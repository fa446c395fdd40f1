package io.weir.core.sync;

import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;

/**
 * Where a thread keeps a wait that it has started, to see later what became of it. What counts is what was decided inside the
 * structure: the signal follows, on another thread perhaps.
 */
final class Slot<T> {
    /** Nobody has started to wait here. */
    static final int FREE = -1;

    private @Nullable Probe<T> probe;

    boolean isFree() {
        return probe == null;
    }

    /** Starts to wait, and does not look; false where a wait is kept already. */
    boolean start(Publisher<T> wait) {
        if (probe != null) {
            return false;
        }
        Probe<T> started = new Probe<>();
        probe = started;
        wait.subscribe(started);
        return true;
    }

    /** The code of what was told, once it is told; {@link Probe#NOTHING} while it waits. */
    int look() {
        Probe<T> current = probe;
        if (current == null) {
            return FREE;
        }
        if (!current.hasEnded()) {
            if (Adapter.stateOf(waiter(current)) == Waiter.State.WAITING) {
                return Probe.NOTHING;
            }
            awaitEnd(current);
        }
        return current.code();
    }

    /** The newest element. */
    T element() {
        return Objects.requireNonNull(Objects.requireNonNull(probe).last());
    }

    /** Frees the slot. True if it waited until then. */
    boolean leave() {
        Probe<T> current = probe;
        probe = null;
        if (current == null || current.hasEnded()) {
            return false;
        }
        Waiter waiter = waiter(current);
        current.cancel();
        return Adapter.stateOf(waiter) == Waiter.State.CANCELLED;
    }

    /**
     * As {@link #leave}, where a wait that is given up too late gives back what it got: it has done so when this returns, for a
     * cancel from inside takes effect on the way out, on this thread, behind what was left for it there. What was told before goes
     * to {@code giveBack}.
     */
    boolean leave(Consumer<T> giveBack) {
        Probe<T> current = probe;
        if (current == null) {
            return false;
        }
        boolean waits = false;
        if (!current.hasEnded()) {
            Waiter waiter = waiter(current);
            Turnstile turnstile = Adapter.turnstileOf(waiter);
            turnstile.enter();
            try {
                waits = waiter.state == Waiter.State.WAITING;
                if (waits) {
                    current.cancel();
                }
            } finally {
                turnstile.exit();
            }
        }
        if (!waits) {
            awaitEnd(current);
            giveBack.accept(element());
        }
        probe = null;
        return waits;
    }

    private static Waiter waiter(Probe<?> probe) {
        return (Waiter) Objects.requireNonNull(probe.subscription());
    }

    private static void awaitEnd(Probe<?> probe) {
        while (!probe.hasEnded()) {
            Thread.onSpinWait(); // decided, and about to be told by the thread that decided it
        }
    }
}
