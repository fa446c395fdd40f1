package io.weir.core.sync;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Objects;
import org.reactivestreams.Publisher;
import reactor.core.Scannable;

/**
 * Makes one operation with a definite result of an asynchronous one: it starts the wait, and cancels it if it really has to
 * wait. Had the wait ended before the cancel, that is the result, and its signal is awaited, which another thread may be just
 * about to give; otherwise there was nothing to be had, at the moment of the cancel.
 */
final class Adapter {
    private static final VarHandle TURNSTILE;

    static {
        try {
            TURNSTILE = MethodHandles.privateLookupIn(Waiter.class, MethodHandles.lookup())
                    .findVarHandle(Waiter.class, "turnstile", Turnstile.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private Adapter() {}

    /** What the subscriber was told; nothing if the cancel won. */
    static <T> Probe<T> tryNow(Publisher<T> publisher, Turnstile turnstile) {
        Probe<T> probe = new Probe<>();
        publisher.subscribe(probe);
        if (probe.hasEnded()) {
            return probe;
        }
        boolean gone = false;
        Waiter waiter = (Waiter) Objects.requireNonNull(probe.subscription());
        if (stateOf(waiter, turnstile) == Waiter.State.WAITING) {
            probe.cancel();
            gone = stateOf(waiter, turnstile) == Waiter.State.CANCELLED
                    || Boolean.TRUE.equals(((Scannable) waiter).scan(Scannable.Attr.CANCELLED));
        }
        while (!gone && !probe.hasEnded()) {
            Thread.onSpinWait(); // decided, and about to be told by the thread that decided it
        }
        return probe;
    }

    /** As {@link #stateOf(Waiter, Turnstile)}, where the structure does not show its turnstile. */
    static Waiter.State stateOf(Waiter waiter) {
        return stateOf(waiter, turnstileOf(waiter));
    }

    static Turnstile turnstileOf(Waiter waiter) {
        return (Turnstile) TURNSTILE.get(waiter);
    }

    /** Read inside, and so behind this thread's own turns, should another thread be running them. */
    private static Waiter.State stateOf(Waiter waiter, Turnstile turnstile) {
        turnstile.enter();
        try {
            return waiter.state;
        } finally {
            turnstile.exit();
        }
    }
}
