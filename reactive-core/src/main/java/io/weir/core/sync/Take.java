package io.weir.core.sync;

import java.util.concurrent.atomic.AtomicLongFieldUpdater;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.Scannable;
import reactor.core.publisher.Operators;

/**
 * A subscriber of {@link AsyncQueue#take()}, which ends after one element, or of {@link AsyncQueue#asFlux()}, which looks for
 * the next.
 *
 * <pre>
 * NEW ──► WAITING among the idle (no demand) ──► WAITING among the takers ──► DELIVERED ──► NEW, if it wants more
 * any ──► CANCELLED      NEW, WAITING ──► FAILED: the queue is closed and empty
 * </pre>
 *
 * <p>While DELIVERED, one thread emits and nobody else touches the value; it then passes the turnstile again for the next one.
 * That keeps the signals serial without a second counter.
 */
final class Take<T> extends Waiter implements Subscription, Scannable {
    private static final AtomicLongFieldUpdater<Take> REQUESTED =
            AtomicLongFieldUpdater.newUpdater(Take.class, "requested");

    private final AsyncQueue<T> queue;
    private final CoreSubscriber<? super T> subscriber;
    private final boolean one;
    private volatile long requested;
    private @Nullable T value;

    private Take(AsyncQueue<T> queue, CoreSubscriber<? super T> subscriber, boolean one) {
        super(queue.turnstile);
        this.queue = queue;
        this.subscriber = subscriber;
        this.one = one;
    }

    static <T> void subscribe(AsyncQueue<T> queue, CoreSubscriber<? super T> subscriber, boolean one) {
        Take<T> take = new Take<>(queue, subscriber, one);
        subscriber.onSubscribe(take);
        if (take.requested == 0) {
            take.wake(); // to learn of the end
        }
    }

    @Override
    public void request(long n) {
        if (Operators.validate(n) && Operators.addCap(REQUESTED, this, n) == 0) {
            wake();
        }
    }

    @Override
    public void cancel() {
        queue.turnstile.run(new Turn() {
            @Override
            void take() {
                if (!withdraw() && state == State.DELIVERED) {
                    state = State.CANCELLED; // what is being emitted is emitted, and no more
                }
            }
        });
    }

    /** Looks for an element, unless one is being emitted. A turn of its own: this one may be published already. */
    private void wake() {
        queue.turnstile.run(new Turn() {
            @Override
            void take() {
                if (state == State.WAITING && list == queue.idle) {
                    queue.idle.remove(Take.this);
                    state = State.NEW;
                }
                if (state == State.NEW) {
                    look();
                }
            }
        });
    }

    /** The turn after an emission. */
    @Override
    void take() {
        if (state == State.DELIVERED) {
            state = State.NEW;
            look();
        }
    }

    private void look() {
        boolean wanted = requested > 0; // once: it may grow meanwhile, and then a wake-up follows
        T next = wanted ? queue.next() : null;
        if (next != null) {
            hand(next);
        } else if (queue.isClosed() && queue.isEmpty()) {
            end(State.FAILED);
        } else {
            waitIn(wanted ? queue.takers : queue.idle);
        }
    }

    /** Inside: gives it the element, and ends its wait. */
    void hand(T value) {
        this.value = value;
        end(State.DELIVERED);
    }

    @Override
    void signal() {
        T next = value;
        if (next == null) {
            closed();
            return;
        }
        value = null;
        subscriber.onNext(next);
        if (one) {
            subscriber.onComplete();
        } else {
            Operators.produced(REQUESTED, this, 1);
            queue.turnstile.run(this);
        }
    }

    private void closed() {
        QueueClosedException error = queue.closedError("take");
        if (one || error.getCause() != null) {
            subscriber.onError(error);
        } else {
            subscriber.onComplete();
        }
    }

    @Override
    public @Nullable Object scanUnsafe(Attr key) {
        if (key == Attr.ACTUAL) {
            return subscriber;
        }
        if (key == Attr.REQUESTED_FROM_DOWNSTREAM) {
            return requested;
        }
        if (key == Attr.TERMINATED) {
            return state == State.FAILED || (one && state == State.DELIVERED);
        }
        if (key == Attr.CANCELLED) {
            return state == State.CANCELLED;
        }
        return key == Attr.NAME ? "queue.take" : null;
    }
}
