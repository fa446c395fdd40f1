package io.weir.core.sync;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;
import reactor.core.Exceptions;

/**
 * Lets one {@link Turn} at a time into a structure, and makes no thread wait for it.
 *
 * <p>A thread that finds the turnstile free goes in and runs its turn. One that finds it held leaves its turn with the
 * holder and goes away; the holder runs what was left before it lets go. So a structure behind a turnstile is plain,
 * single-threaded code, and its callers are never blocked.
 *
 * <p><b>State.</b> One word: {@code null}, free; {@link #HELD}, one thread is inside; any other turn, one thread is inside
 * and this is the newest of a stack of turns published meanwhile, linked by {@link Turn#below}, with {@code HELD} at its
 * bottom. The list of waiters that are ready to be signalled belongs to who is inside.
 *
 * <p><b>Writers.</b> Anybody may go from free to held, and may push a turn while it is held. Only the holder takes the stack
 * away, and only the holder frees.
 *
 * <p><b>Invariant.</b> A published turn is run exactly once, in the order of publication: freeing is a CAS from {@code HELD},
 * which fails while the stack is not empty.
 *
 * <p><b>Publication.</b> Every change of the word is a CAS or an exchange with full fences, so what one holder wrote, the next
 * one sees, and a turn's fields are seen by who runs it.
 *
 * <p><b>Callbacks.</b> None inside. A turn that completes a waiter marks it {@linkplain #ready ready}; the holder signals the
 * ready ones, in that order, after it has let go. Two holders may then be signalling at once: each waiter is signalled by
 * one of them, once.
 *
 * <p><b>Loss.</b> A CAS that fails changed nothing: the caller looks again, and then either goes in or publishes.
 *
 * <p><b>Proof.</b> {@code TurnstileTest}, {@code TurnstilePublishExitRace}; {@code QueueAccountingTest} accounts for every element under random cancels.
 */
final class Turnstile {
    private static final VarHandle STATE;
    private static final Turn HELD = new Held();

    static {
        try {
            STATE = MethodHandles.lookup().findVarHandle(Turnstile.class, "state", Turn.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private volatile @Nullable Turn state;

    // Inside only.
    private @Nullable Waiter firstReady;
    private @Nullable Waiter lastReady;

    /** Runs {@code turn} now, or leaves it with the thread inside; either way it runs, and nobody waits. */
    void run(Turn turn) {
        if (enterOrPublish(turn)) {
            try {
                turn.take();
            } finally {
                exit();
            }
        }
    }

    /** Goes in if nobody is inside; the caller must then call {@link #exit}. */
    boolean tryEnter() {
        return state == null && STATE.compareAndSet(this, (Turn) null, HELD);
    }

    /**
     * Goes in, spinning while another is inside: for the few calls that must answer at once. What happens inside is a few
     * dozen instructions, so the spin is short; it has no {@code onSpinWait}, which BlockHound takes for blocking.
     */
    void enter() {
        while (!tryEnter()) {
            // the holder is about to leave
        }
    }

    /** Lets go, having run what was published meanwhile, and then signals who became ready. */
    void exit() {
        Throwable thrown = null;
        while (true) {
            if (state == HELD) {
                Waiter first = firstReady;
                Waiter last = lastReady;
                firstReady = null;
                lastReady = null;
                if (STATE.compareAndSet(this, HELD, (Turn) null)) {
                    if (first != null) {
                        Signals.deliver(first);
                    }
                    if (thrown != null) {
                        throw Exceptions.propagate(thrown);
                    }
                    return;
                }
                firstReady = first; // still inside: a turn came just now
                lastReady = last;
            }
            thrown = runPublished((Turn) STATE.getAndSet(this, HELD), thrown);
        }
    }

    /** Inside: {@code waiter} is to be signalled once this thread is outside. */
    void ready(Waiter waiter) {
        Waiter last = lastReady;
        if (last == null) {
            firstReady = waiter;
        } else {
            last.next = waiter;
        }
        lastReady = waiter;
    }

    private boolean enterOrPublish(Turn turn) {
        while (true) {
            Turn seen = state;
            if (seen == null) {
                if (STATE.compareAndSet(this, (Turn) null, HELD)) {
                    turn.below = null;
                    return true;
                }
            } else {
                turn.below = seen;
                if (STATE.compareAndSet(this, seen, turn)) {
                    return false;
                }
            }
        }
    }

    /**
     * Runs a stack of published turns, the oldest first. A turn must not throw; if one does all the same (memory, stack), the
     * others still run, and the turnstile still becomes free.
     */
    private static @Nullable Throwable runPublished(Turn newest, @Nullable Throwable thrown) {
        Turn oldest = null;
        for (Turn turn = newest; turn != null && turn != HELD; ) {
            Turn below = turn.below;
            turn.below = oldest;
            oldest = turn;
            turn = below;
        }
        while (oldest != null) {
            Turn above = oldest.below;
            oldest.below = null;
            try {
                oldest.take();
            } catch (Throwable t) {
                thrown = thrown == null ? t : thrown;
            }
            oldest = above;
        }
        return thrown;
    }

    private static final class Held extends Turn {
        @Override
        void take() {
            throw new IllegalStateException("the marker of a held turnstile was run");
        }
    }
}
