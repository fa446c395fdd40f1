package io.weir.core.sync;

import java.util.ArrayDeque;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.Scannable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Operators;
import reactor.util.context.Context;

/**
 * {@link AsyncQueue#putAll}: a putter that waits again and again.
 *
 * <pre>
 * NEW ──► WAITING among the sources ◄──► WAITING among the putters (elements came that there is no room for)
 * WAITING ──► DELIVERED    the source has ended, and all it emitted has entered
 *         ──► CANCELLED | FAILED (the queue was closed)
 * </pre>
 *
 * <p>It requests a few elements ahead and keeps those that have to wait in {@code pending}, inside the turnstile. What the queue
 * has accepted is requested anew, by a signal of its own, because this waiter may be standing in the line at that time.
 */
final class PutAll<T> extends Putter<T> implements CoreSubscriber<T>, Subscription, Scannable {
    private static final int MOST_AHEAD = 64;
    private static final AtomicReferenceFieldUpdater<PutAll, Subscription> SOURCE =
            AtomicReferenceFieldUpdater.newUpdater(PutAll.class, Subscription.class, "source");

    private final QueueCore<T> queue;
    private final CoreSubscriber<? super Void> subscriber;
    private final int ahead;
    private final Replenish replenish;
    private volatile @Nullable Subscription source;

    // Inside only.
    private final ArrayDeque<T> pending = new ArrayDeque<>();
    private boolean sourceEnded;
    private @Nullable Throwable error;
    private int accepted;

    private PutAll(QueueCore<T> queue, CoreSubscriber<? super Void> subscriber) {
        super(queue.turnstile);
        this.queue = queue;
        this.subscriber = subscriber;
        this.ahead = Math.max(1, Math.min(queue.capacity, MOST_AHEAD));
        this.replenish = new Replenish();
    }

    static <T> Mono<Void> from(QueueCore<T> queue, Publisher<? extends T> source) {
        return new Mono<>() {
            @Override
            public void subscribe(CoreSubscriber<? super Void> subscriber) {
                Flux.from(source).subscribe(new PutAll<T>(queue, subscriber));
            }
        };
    }

    // ---- the source's side ----

    @Override
    public void onSubscribe(Subscription source) {
        if (Operators.setOnce(SOURCE, this, source)) {
            subscriber.onSubscribe(this);
            queue.turnstile.run(this);
            source.request(ahead);
        }
    }

    @Override
    public void onNext(T value) {
        Objects.requireNonNull(value, "a queue holds no nulls");
        if (queue.turnstile.tryEnter()) {
            try {
                offer(value);
            } finally {
                queue.turnstile.exit();
            }
        } else {
            queue.turnstile.run(new Turn() {
                @Override
                void take() {
                    offer(value);
                }
            });
        }
    }

    @Override
    public void onError(Throwable error) {
        sourceEnded(Objects.requireNonNull(error));
    }

    @Override
    public void onComplete() {
        sourceEnded(null);
    }

    private void sourceEnded(@Nullable Throwable how) {
        queue.turnstile.run(new Turn() {
            @Override
            void take() {
                if (state == State.CANCELLED || state == State.FAILED) {
                    return;
                }
                sourceEnded = true;
                error = how;
                if (pending.isEmpty()) {
                    end(State.DELIVERED);
                }
            }
        });
    }

    // ---- inside ----

    private void offer(T value) {
        if (state == State.CANCELLED || state == State.FAILED) {
            queue.turnstile.ready(new Discard(value));
            return;
        }
        try {
            if (pending.isEmpty() && queue.accept(value)) {
                count();
                return;
            }
        } catch (Throwable t) {
            pending.add(value);
            rejected(t);
            return;
        }
        pending.add(value);
        if (list == queue.sources) {
            moveTo(queue.putters);
        }
    }

    private void moveTo(WaitList other) {
        if (list != null) {
            list.remove(this);
        }
        state = State.NEW;
        waitIn(other);
    }

    @Override
    T offered() {
        return pending.getFirst();
    }

    @Override
    void accepted() {
        pending.removeFirst();
        if (pending.isEmpty()) {
            if (sourceEnded) {
                end(State.DELIVERED);
                return;
            }
            moveTo(queue.sources);
        }
        count();
    }

    private void count() {
        if (++accepted >= ahead - (ahead >> 2)) {
            replenish.add(accepted);
            accepted = 0;
        }
    }

    @Override
    void rejected(Throwable error) {
        this.error = error;
        end(State.FAILED);
    }

    /** The first turn; elements and the end each come as one of their own. */
    @Override
    void take() {
        if (state == State.NEW) {
            if (queue.isClosed()) {
                end(State.FAILED);
            } else {
                waitIn(queue.sources);
            }
        }
    }

    // ---- the end ----

    @Override
    void signal() {
        if (state == State.DELIVERED) {
            if (error == null) {
                subscriber.onComplete();
            } else {
                subscriber.onError(error);
            }
            return;
        }
        Operators.terminate(SOURCE, this);
        discardPending();
        subscriber.onError(error != null ? error : queue.closedError("putAll"));
    }

    @Override
    public void cancel() {
        Operators.terminate(SOURCE, this);
        queue.turnstile.run(new Turn() {
            @Override
            void take() {
                if (withdraw()) {
                    pending.forEach(value -> queue.turnstile.ready(new Discard(value)));
                    pending.clear();
                }
            }
        });
    }

    /** After the end, when nothing else touches them. */
    private void discardPending() {
        for (T value = pending.poll(); value != null; value = pending.poll()) {
            Operators.onDiscard(value, currentContext());
        }
    }

    @Override
    public void request(long n) {
        Operators.validate(n); // completes without demand
    }

    @Override
    public Context currentContext() {
        return subscriber.currentContext();
    }

    @Override
    public @Nullable Object scanUnsafe(Attr key) {
        if (key == Attr.PARENT) {
            return source;
        }
        if (key == Attr.PREFETCH) {
            return ahead;
        }
        return scan(key, subscriber, "queue.putAll");
    }

    /** Requests what was accepted. One node for all times: it is made ready again only after it has been signalled. */
    private final class Replenish extends Waiter {
        private final AtomicLong owed = new AtomicLong();
        private volatile boolean isReady;

        Replenish() {
            super(queue.turnstile);
        }

        /** Inside. */
        void add(int count) {
            owed.addAndGet(count);
            if (!isReady) {
                isReady = true;
                queue.turnstile.ready(this);
            }
        }

        @Override
        void take() {
            throw new IllegalStateException("only signalled");
        }

        @Override
        void signal() {
            isReady = false; // first: what is added from now on makes it ready again
            long count = owed.getAndSet(0);
            Subscription from = source;
            if (count > 0 && from != null) {
                from.request(count);
            }
        }
    }

    /** An element that came too late, discarded outside. */
    private final class Discard extends Waiter {
        private final T value;

        Discard(T value) {
            super(queue.turnstile);
            this.value = value;
        }

        @Override
        void take() {
            throw new IllegalStateException("only signalled");
        }

        @Override
        void signal() {
            Operators.onDiscard(value, currentContext());
        }
    }
}
