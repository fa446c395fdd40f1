package io.weir.core.sync;

import io.weir.core.debug.Assembly;
import org.jspecify.annotations.Nullable;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Mono;

/**
 * Holds tasks until so many have come, then lets all of them go on; and again, round after round.
 *
 * <pre>{@code
 * AsyncBarrier phase = AsyncBarrier.of(3);
 * Mono<Void> worker = load().then(phase.await()).then(compute()).then(phase.await()).then(store());
 * Mono<Void> all = Mono.when(worker, worker, worker);
 * }</pre>
 *
 * <p>A task that cancels its wait frees its place, and the round waits for another. Where a task will never come, {@link #abort()}
 * tells the others.
 */
public final class AsyncBarrier {
    final Turnstile turnstile = new Turnstile();
    final WaitList waiters = new WaitList();
    private final int parties;

    /** Null while whole; else how it was broken. Written inside, read anywhere. */
    private volatile @Nullable Break broken;

    private AsyncBarrier(int parties) {
        if (parties < 1) {
            throw new IllegalArgumentException("parties must be at least 1, and is " + parties);
        }
        this.parties = parties;
    }

    /**
     * A barrier.
     *
     * @param parties how many tasks make a round, at least 1
     * @return a barrier at which nobody waits
     * @throws IllegalArgumentException if {@code parties} is less than 1
     */
    public static AsyncBarrier of(int parties) {
        return new AsyncBarrier(parties);
    }

    /**
     * Waits until as many as the barrier is for have come.
     *
     * <p>Emits the place in the order of arrival, from 0 to one less than {@link #parties()}; each place is given to one task of a
     * round, so that {@code 0} may do what is to be done once. It arrives when it is first requested. All of a round are signalled
     * on the thread of the last one, in the order they came. Cancelled while waiting, it leaves, and those behind it move up; once
     * the round is complete, a cancel changes nothing for the others. Errors: {@link BarrierBrokenException} when the barrier is
     * aborted or reset, and at once while it is broken. No bound to the wait.
     *
     * @return the place in the round
     */
    public Mono<Integer> await() {
        return Assembly.of(new Mono<>() {
            @Override
            public void subscribe(CoreSubscriber<? super Integer> subscriber) {
                subscriber.onSubscribe(new Arrival(AsyncBarrier.this, subscriber));
            }
        });
    }

    /**
     * Breaks the barrier: all who wait, and all who come later, fail with {@link BarrierBrokenException}, until {@link #reset()}.
     * Does nothing if it is broken.
     */
    public void abort() {
        turnstile.enter();
        try {
            if (broken == null) {
                Break now = new Break(parties, waiters.size(), false);
                broken = now;
                failAll(now);
            }
        } finally {
            turnstile.exit();
        }
    }

    /** Makes the barrier as new: who waits fails with {@link BarrierBrokenException}; who comes from now on starts a round. */
    public void reset() {
        turnstile.enter();
        try {
            broken = null;
            failAll(new Break(parties, waiters.size(), true));
        } finally {
            turnstile.exit();
        }
    }

    /**
     * Whether it was aborted and not reset since; old as soon as it is told.
     *
     * @return true if who comes now fails
     */
    public boolean isBroken() {
        return broken != null;
    }

    /**
     * How many tasks make a round.
     *
     * @return at least 1
     */
    public int parties() {
        return parties;
    }

    /**
     * How many of this round have come; old as soon as it is told.
     *
     * @return from 0 to one less than {@link #parties()}
     */
    public int waiting() {
        return waiters.size();
    }

    @Override
    public String toString() {
        return "AsyncBarrier[" + (isBroken() ? "broken, " : "") + "waiting: " + waiting() + "/" + parties + "]";
    }

    /** Inside: the round may be complete with this one. */
    void admit(Arrival arrival) {
        Break how = broken;
        if (how != null) {
            arrival.fail(how);
        } else if (waiters.size() + 1 < parties) {
            arrival.waitIn(waiters);
        } else {
            int place = 0;
            while (waiters.first() instanceof Arrival next) {
                next.pass(place++);
            }
            arrival.pass(place);
        }
    }

    private void failAll(Break how) {
        while (waiters.first() instanceof Arrival next) {
            next.fail(how);
        }
    }

    /** How it was broken; each who fails gets an exception of its own made of it. */
    record Break(int parties, int waiting, boolean reset) {
        BarrierBrokenException exception() {
            return new BarrierBrokenException(parties, waiting, reset);
        }
    }
}
