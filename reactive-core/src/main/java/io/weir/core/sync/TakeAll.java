package io.weir.core.sync;

import java.util.concurrent.atomic.AtomicLongFieldUpdater;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.Scannable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Operators;

/**
 * {@link AsyncQueue#asFlux()}: a taker that waits again and again.
 *
 * <pre>
 * NEW ──► WAITING among the idle (no demand) ──► WAITING among the takers ──► DELIVERED ──► NEW …
 * any ──► CANCELLED      NEW, WAITING ──► FAILED: the queue is closed and empty
 * </pre>
 *
 * <p>While DELIVERED, one thread emits and nobody else touches the batch; it then passes the turnstile again for the next one.
 * That keeps the signals serial without a second counter. A cancel that finds it emitting is seen before the next element;
 * what is left of the batch goes back to the head of the queue, or to those who wait.
 */
final class TakeAll<T> extends Taker<T> implements Subscription, Scannable {
    private static final AtomicLongFieldUpdater<TakeAll> REQUESTED =
            AtomicLongFieldUpdater.newUpdater(TakeAll.class, "requested");

    private final QueueCore<T> queue;
    private final CoreSubscriber<? super T> subscriber;
    private final @Nullable Object[] batch;
    private int filled;
    private volatile long requested;
    private volatile boolean cancelled;
    private @Nullable Throwable error;

    private TakeAll(QueueCore<T> queue, CoreSubscriber<? super T> subscriber) {
        super(queue.turnstile);
        this.queue = queue;
        this.subscriber = subscriber;
        this.batch = new Object[queue.batch()];
    }

    static <T> Flux<T> from(QueueCore<T> queue) {
        return new Flux<>() {
            @Override
            public void subscribe(CoreSubscriber<? super T> subscriber) {
                TakeAll<T> all = new TakeAll<>(queue, subscriber);
                queue.turnstile.run(new Turn() {
                    @Override
                    void take() {
                        queue.streams++;
                    }
                });
                subscriber.onSubscribe(all);
                if (all.requested == 0) {
                    all.wake(); // to learn of the end
                }
            }
        };
    }

    @Override
    public void request(long n) {
        if (Operators.validate(n) && Operators.addCap(REQUESTED, this, n) == 0) {
            wake();
        }
    }

    @Override
    public void cancel() {
        cancelled = true;
        queue.turnstile.run(new Turn() {
            @Override
            void take() {
                if (withdraw() || state == State.DELIVERED) {
                    state = State.CANCELLED; // who emits looks at the flag
                    queue.streams--;
                }
            }
        });
    }

    /** Looks for elements, unless some are being emitted. A turn of its own: this one may be published already. */
    private void wake() {
        queue.turnstile.run(new Turn() {
            @Override
            void take() {
                if (state == State.WAITING && list == queue.idle) {
                    queue.idle.remove(TakeAll.this);
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
        int emitted = filled;
        filled = 0;
        if (state == State.DELIVERED) {
            state = State.NEW;
            queue.lent -= emitted;
            look();
        } else {
            queue.settle(emitted);
        }
    }

    private void look() {
        long wanted = requested; // once: it may grow meanwhile, and then a wake-up follows
        try {
            filled = wanted == 0 ? 0 : queue.next(batch, wanted);
            if (filled > 0) {
                end(State.DELIVERED);
            } else if (queue.isAtEnd()) {
                refuse(null);
                queue.settle(0); // the others may have waited for what this one held
            } else {
                waitIn(wanted > 0 ? queue.takers : queue.idle);
            }
        } catch (Throwable t) {
            refuse(t);
        }
    }

    @Override
    void hand(T value) {
        batch[0] = value;
        filled = 1;
        queue.lent++;
        end(State.DELIVERED);
    }

    @Override
    void refuse(@Nullable Throwable error) {
        this.error = error;
        filled = 0;
        queue.streams--;
        end(State.FAILED);
    }

    @Override
    @SuppressWarnings("unchecked") // the batch holds nothing but T
    void signal() {
        int count = filled;
        if (count == 0) {
            closed();
            return;
        }
        int emitted = 0;
        try {
            while (emitted < count && !cancelled) {
                T next = (T) batch[emitted];
                batch[emitted++] = null;
                subscriber.onNext(next);
            }
        } catch (Throwable t) { // a subscriber that breaks its contract gets no more
            cancel();
            if (emitted == count) {
                queue.turnstile.run(
                        this); // none is left to give back; that the batch is over must be told all the same
            }
            throw t;
        } finally {
            if (emitted < count) {
                queue.giveBack(batch, emitted, count);
            }
        }
        if (emitted == count) {
            Operators.produced(REQUESTED, this, count);
            queue.turnstile.run(this);
        }
    }

    private void closed() {
        QueueClosedException closed = queue.closedError("take");
        if (error != null) {
            subscriber.onError(error);
        } else if (closed.getCause() != null) {
            subscriber.onError(closed);
        } else {
            subscriber.onComplete();
        }
    }

    @Override
    public @Nullable Object scanUnsafe(Attr key) {
        if (key == Attr.REQUESTED_FROM_DOWNSTREAM) {
            return requested;
        }
        return scan(key, subscriber, "queue.take", state == State.FAILED, cancelled);
    }
}
