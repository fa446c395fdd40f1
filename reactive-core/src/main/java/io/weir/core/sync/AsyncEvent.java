package io.weir.core.sync;

import io.weir.core.debug.Assembly;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.Scannable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Operators;

/**
 * A flag that tasks wait for: once set, all who wait go on, and who comes later does not wait, until it is cleared.
 *
 * <pre>{@code
 * AsyncEvent ready = AsyncEvent.create();
 * Mono<Reply> reply = ready.await().then(Mono.defer(() -> ask()));
 * Mono<Void> start = open().doOnSuccess(end -> ready.set()).then();
 * }</pre>
 *
 * <p>Any number of tasks may wait, set and clear, from any thread.
 */
public final class AsyncEvent {
    private final Turnstile turnstile = new Turnstile();
    private final WaitList waiters = new WaitList();

    // Written inside, read anywhere.
    private volatile boolean set;

    private AsyncEvent() {}

    /**
     * An event.
     *
     * @return an event that is not set
     */
    public static AsyncEvent create() {
        return new AsyncEvent();
    }

    /**
     * Sets the event. All who wait at this moment go on, in the order they came and on this thread, also if {@link #clear()}
     * follows at once. Does nothing if it is set.
     */
    public void set() {
        turnstile.enter();
        try {
            set = true;
            waiters.endAll(Waiter.State.DELIVERED);
        } finally {
            turnstile.exit();
        }
    }

    /** Clears the event: who comes from now on waits for the next {@link #set()}. Does nothing if it is not set. */
    public void clear() {
        turnstile.enter();
        try {
            set = false;
        } finally {
            turnstile.exit();
        }
    }

    /**
     * Whether the event is set; old as soon as it is told.
     *
     * @return true between {@link #set()} and {@link #clear()}
     */
    public boolean isSet() {
        return set;
    }

    /**
     * Waits until the event is set.
     *
     * <p>Completes at once if it is set, and otherwise with the next {@link #set()}. It starts to wait on subscribe, and needs no
     * request. It completes on the thread of the subscriber or of the one that set the event. Cancelled, it leaves at once. No
     * errors, and no bound to the wait.
     *
     * @return completes when the event is set
     */
    public Mono<Void> await() {
        return from(null);
    }

    /**
     * Waits until the event is set, no longer than {@code maxWait}.
     *
     * <p>As {@link #await()}, with a bound that is timed by {@code Schedulers.parallel()}, on which its error arrives. Whether the
     * event or the time-out came first is decided inside the event. Errors: {@link WaitTimeoutException}.
     *
     * @param maxWait the longest wait; zero or less: not at all
     * @return completes when the event is set
     */
    public Mono<Void> await(Duration maxWait) {
        return from(Objects.requireNonNull(maxWait));
    }

    /**
     * How many wait now; old as soon as it is told.
     *
     * @return 0 or more
     */
    public int waiting() {
        return waiters.size();
    }

    @Override
    public String toString() {
        return "AsyncEvent[" + (isSet() ? "set" : "not set") + ", waiting: " + waiting() + "]";
    }

    private Mono<Void> from(@Nullable Duration maxWait) {
        return Assembly.of(new Mono<>() {
            @Override
            public void subscribe(CoreSubscriber<? super Void> subscriber) {
                if (set) {
                    Operators.complete(subscriber);
                    return;
                }
                Await await = new Await(maxWait, subscriber);
                subscriber.onSubscribe(await);
                await.start();
            }
        });
    }

    private final class Await extends Waiter implements Subscription, Scannable {
        private final CoreSubscriber<? super Void> subscriber;
        private final @Nullable Duration maxWait;
        private final @Nullable Expiry expiry;
        private volatile boolean over;

        Await(@Nullable Duration maxWait, CoreSubscriber<? super Void> subscriber) {
            super(turnstile);
            this.subscriber = subscriber;
            this.maxWait = maxWait;
            this.expiry = Expiry.of(maxWait, turnstile, this);
        }

        void start() {
            turnstile.run(this);
            if (expiry != null && maxWait != null && !over) {
                expiry.start(maxWait);
            }
        }

        @Override
        void take() {
            if (state != State.NEW) {
                return;
            }
            if (set) {
                end(State.DELIVERED);
            } else if (Expiry.atOnce(maxWait)) {
                end(State.FAILED);
            } else {
                waitIn(waiters);
            }
        }

        @Override
        void signal() {
            if (over) {
                return; // cancelled when it was on its way
            }
            stop();
            if (state == State.DELIVERED || maxWait == null) {
                subscriber.onComplete();
            } else {
                subscriber.onError(new WaitTimeoutException("the event", maxWait, subscriber.currentContext()));
            }
        }

        private void stop() {
            over = true;
            if (expiry != null) {
                expiry.stop();
            }
        }

        @Override
        public void request(long n) {
            Operators.validate(n); // completes without demand
        }

        @Override
        public void cancel() {
            if (!over) {
                stop();
                abandon();
            }
        }

        @Override
        public @Nullable Object scanUnsafe(Attr key) {
            return scan(key, subscriber, Expiry.named("event.await", maxWait));
        }
    }
}
