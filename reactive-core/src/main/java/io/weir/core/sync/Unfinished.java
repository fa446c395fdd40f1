package io.weir.core.sync;

import io.weir.core.debug.Assembly;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.Scannable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Operators;

/**
 * Counts elements that were accepted and not yet reported done, and who waits for that count to be zero.
 *
 * <p>Two counters: {@code added} is written inside the turnstile only, plainly, so that a queue nobody joins pays nothing;
 * {@code done} is written from anywhere, because {@code taskDone} must answer at once whether the call was one too many.
 *
 * <p>A joiner is woken by every zero after its start, even if the next element comes in before the wake-up: whoever adds an
 * element while somebody joins first looks whether the count is zero at that moment, and wakes them. The wake-up that
 * {@code taskDone} leaves at the turnstile finds those that no addition has woken.
 */
final class Unfinished {
    private static final VarHandle ADDED;

    static {
        try {
            ADDED = MethodHandles.lookup().findVarHandle(Unfinished.class, "added", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final Turnstile turnstile;
    final WaitList joiners = new WaitList();
    private final AtomicLong done = new AtomicLong();
    private long added;

    Unfinished(Turnstile turnstile) {
        this.turnstile = turnstile;
    }

    /** Inside: one more. */
    void add() {
        add(1);
    }

    /** Inside: so many more. Before they are handed on, so that their {@code taskDone} sees them. */
    void add(int count) {
        if (!joiners.isEmpty()) {
            wakeAtZero();
        }
        ADDED.setRelease(this, added + count);
    }

    /** Anywhere: how many were accepted so far. */
    long added() {
        return (long) ADDED.getAcquire(this);
    }

    /** Anywhere: accepted and not yet done. */
    long outstanding() {
        long doneBefore = done.get();
        return Math.max(0, added() - doneBefore);
    }

    /** Anywhere: one less. */
    void done() {
        long before;
        do {
            before = done.get();
            if (before >= added()) {
                throw new IllegalStateException("taskDone was called more often than elements were accepted");
            }
        } while (!done.compareAndSet(before, before + 1));
        if (before + 1 == added() && isJoined()) {
            turnstile.run(new Turn() {
                @Override
                void take() {
                    wakeAtZero();
                }
            });
        }
    }

    /** After the count has changed: a CAS alone lets a later opaque read pass it, and then both sides could miss each other. */
    private boolean isJoined() {
        VarHandle.fullFence(); // first counted, then looked at: the other half of the joiner's
        return joiners.size() > 0;
    }

    /** Inside: {@code n} less, for elements that nobody will take. */
    void drop(int n) {
        done.addAndGet(n);
        wakeAtZero();
    }

    private boolean isZero() {
        return done.get() >= added; // more: what was drained had been reported done as well
    }

    private void wakeAtZero() {
        if (isZero()) {
            joiners.endAll(Waiter.State.DELIVERED);
        }
    }

    Mono<Void> join() {
        return Assembly.of(new Mono<>() {
            @Override
            public void subscribe(CoreSubscriber<? super Void> subscriber) {
                Joiner joiner = new Joiner(subscriber);
                subscriber.onSubscribe(joiner);
                turnstile.run(joiner);
            }
        });
    }

    private final class Joiner extends Waiter implements Subscription, Scannable {
        private final CoreSubscriber<? super Void> subscriber;

        Joiner(CoreSubscriber<? super Void> subscriber) {
            super(turnstile);
            this.subscriber = subscriber;
        }

        @Override
        void take() {
            if (state == State.CANCELLED) {
                return;
            }
            waitIn(joiners);
            VarHandle.fullFence(); // first in the line, then looked at: a taskDone in between sees it or is seen
            wakeAtZero();
        }

        @Override
        void signal() {
            subscriber.onComplete();
        }

        @Override
        public void request(long n) {
            Operators.validate(n); // completes without demand
        }

        @Override
        public void cancel() {
            abandon();
        }

        @Override
        public @Nullable Object scanUnsafe(Attr key) {
            if (key == Attr.ACTUAL) {
                return subscriber;
            }
            return key == Attr.NAME ? "queue.join" : null;
        }
    }
}
