package io.weir.core.sync;

import java.util.Objects;
import org.jspecify.annotations.Nullable;
import reactor.core.CoreSubscriber;
import reactor.core.Scannable.Attr;

/**
 * One who waits for an element, for room or for a permit.
 *
 * <pre>
 *  NEW ──► WAITING ──► DELIVERED     what it waited for was handed over
 *   │         ├──────► CANCELLED     it went away; what it would have got goes to the next
 *   │         └──────► FAILED        closed, or timed out
 *   └──► DELIVERED | CANCELLED | FAILED, without having waited
 * </pre>
 *
 * <p>Each arrow is drawn inside the structure's {@link Turnstile}, by one turn, so exactly one of them wins. Being itself a
 * turn, the waiter needs no second object to enter with. {@link #signal} comes after, outside, once.
 */
abstract class Waiter extends Turn {
    enum State {
        NEW,
        WAITING,
        DELIVERED,
        CANCELLED,
        FAILED
    }

    private final Turnstile turnstile;

    // Inside only, until signalled. `next` links the wait list, and after that the list of the ready.
    State state = State.NEW;

    @Nullable
    WaitList list;

    @Nullable
    Waiter next;

    @Nullable
    Waiter previous;

    Waiter(Turnstile turnstile) {
        this.turnstile = turnstile;
    }

    /** Tells the subscriber what became of the wait. Outside, on the thread that brought it about. */
    abstract void signal();

    /** Inside: joins the end of {@code list}. */
    final void waitIn(WaitList list) {
        if (state != State.NEW) {
            throw new IllegalStateException("a waiter that is " + state + " cannot start to wait");
        }
        state = State.WAITING;
        list.add(this);
    }

    /** Inside: ends the wait, and has the subscriber told. */
    final void end(State outcome) {
        if (state != State.NEW && state != State.WAITING) {
            throw new IllegalStateException("a waiter that is " + state + " cannot become " + outcome);
        }
        if (state == State.WAITING) {
            Objects.requireNonNull(list).remove(this);
        }
        state = outcome;
        turnstile.ready(this);
    }

    /** Inside: ends the wait without telling; false where it had ended already. */
    final boolean withdraw() {
        if (state == State.WAITING) {
            Objects.requireNonNull(list).remove(this);
        } else if (state != State.NEW) {
            return false;
        }
        state = State.CANCELLED;
        return true;
    }

    /** What a scan sees of this wait. */
    final @Nullable Object scan(Attr key, CoreSubscriber<?> subscriber, String name) {
        State now = state;
        return scan(key, subscriber, name, now == State.DELIVERED || now == State.FAILED, now == State.CANCELLED);
    }

    /** What a scan sees of a wait whose end is known elsewhere. */
    static @Nullable Object scan(
            Attr key, CoreSubscriber<?> subscriber, String name, boolean terminated, boolean cancelled) {
        if (key == Attr.ACTUAL) {
            return subscriber;
        }
        if (key == Attr.TERMINATED) {
            return terminated;
        }
        if (key == Attr.CANCELLED) {
            return cancelled;
        }
        return key == Attr.NAME ? name : null;
    }

    /** Cancels from outside. */
    final void abandon() {
        turnstile.run(new Withdrawal(this));
    }

    private static final class Withdrawal extends Turn {
        private final Waiter waiter;

        Withdrawal(Waiter waiter) {
            this.waiter = waiter;
        }

        @Override
        void take() {
            waiter.withdraw();
        }
    }
}
