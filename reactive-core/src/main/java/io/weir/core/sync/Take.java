package io.weir.core.sync;

import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.Scannable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Operators;

/** {@link AsyncQueue#take()} and {@link AsyncQueue#poll}. */
final class Take<T> extends Taker<T> implements Subscription, Scannable {
    private final QueueCore<T> queue;
    private final CoreSubscriber<? super T> subscriber;
    private final @Nullable Duration maxWait;
    private final @Nullable Expiry expiry;

    /** Written inside. Who reads false outside because it is being written looks once too often, which does no harm. */
    private boolean wanted;

    private @Nullable T value;
    private boolean refused;
    private @Nullable Throwable error;

    private Take(QueueCore<T> queue, CoreSubscriber<? super T> subscriber, @Nullable Duration maxWait) {
        super(queue.turnstile);
        this.queue = queue;
        this.subscriber = subscriber;
        this.maxWait = maxWait;
        this.expiry = Expiry.of(maxWait, queue.turnstile, this);
    }

    /** Takes one; waits no longer than {@code maxWait}, where there is a bound. */
    static <T> Mono<T> from(QueueCore<T> queue, @Nullable Duration maxWait) {
        return new Mono<>() {
            @Override
            public void subscribe(CoreSubscriber<? super T> subscriber) {
                Take<T> take = new Take<>(queue, subscriber, maxWait);
                subscriber.onSubscribe(take);
                if (!take.wanted) {
                    queue.turnstile.run(new Look<>(take, false)); // to learn of the end
                }
            }
        };
    }

    @Override
    public void request(long n) {
        if (!Operators.validate(n) || wanted) {
            return;
        }
        if (queue.turnstile.tryEnter()) {
            try {
                look(true);
            } finally {
                queue.turnstile.exit();
            }
        } else {
            queue.turnstile.run(new Look<>(this, true));
        }
        if (expiry != null) {
            expiry.start(Objects.requireNonNull(maxWait));
        }
    }

    @Override
    public void cancel() {
        if (expiry != null) {
            expiry.stop();
        }
        abandon();
    }

    /** As a turn of its own it is not used: see {@link Look}. */
    @Override
    void take() {
        throw new IllegalStateException("a take looks");
    }

    private void look(boolean requested) {
        wanted |= requested;
        if (state == State.WAITING && list == queue.idle) {
            queue.idle.remove(this);
            state = State.NEW;
        }
        if (state != State.NEW) {
            return;
        }
        try {
            T next = wanted ? queue.next() : null;
            if (next != null) {
                hand(next);
            } else if (queue.isAtEnd()) {
                refuse(null);
            } else if (wanted && Expiry.atOnce(maxWait)) {
                end(State.FAILED);
            } else {
                waitIn(wanted ? queue.takers : queue.idle);
            }
        } catch (Throwable t) {
            refuse(t);
        }
    }

    @Override
    void hand(T value) {
        this.value = value;
        end(State.DELIVERED);
    }

    @Override
    void refuse(@Nullable Throwable error) {
        this.refused = true;
        this.error = error;
        end(State.FAILED);
    }

    @Override
    void signal() {
        if (expiry != null) {
            expiry.stop();
        }
        if (state == State.DELIVERED) {
            subscriber.onNext(Objects.requireNonNull(value));
            subscriber.onComplete();
        } else if (refused) {
            subscriber.onError(error != null ? error : queue.closedError("take"));
        } else {
            subscriber.onComplete(); // none came in time
        }
    }

    @Override
    public @Nullable Object scanUnsafe(Attr key) {
        if (key == Attr.REQUESTED_FROM_DOWNSTREAM) {
            return wanted ? 1L : 0L;
        }
        return scan(key, subscriber, maxWait == null ? "queue.take" : Expiry.named("queue.poll", maxWait));
    }

    /** Looks for an element. A turn apart: with and without demand there may be two of them. */
    private static final class Look<T> extends Turn {
        private final Take<T> taker;

        private final boolean requested;

        Look(Take<T> taker, boolean requested) {
            this.taker = taker;
            this.requested = requested;
        }

        @Override
        void take() {
            taker.look(requested);
        }
    }
}
