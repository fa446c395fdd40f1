package io.weir.core.sync;

import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.Scannable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Operators;
import reactor.util.context.Context;

/** {@link AsyncSemaphore#withPermit(Mono)}. */
final class PermitMono<T> extends Mono<T> {
    private final AsyncSemaphore semaphore;
    private final int weight;
    private final @Nullable Duration maxWait;
    private final Mono<T> body;

    PermitMono(AsyncSemaphore semaphore, int weight, @Nullable Duration maxWait, Mono<T> body) {
        this.semaphore = semaphore;
        this.weight = weight;
        this.maxWait = maxWait;
        this.body = Objects.requireNonNull(body);
    }

    @Override
    public void subscribe(CoreSubscriber<? super T> subscriber) {
        subscriber.onSubscribe(new Section<>(this, subscriber));
    }

    /**
     * First a waiter for the permit, then the subscriber of the body.
     *
     * <pre>
     * ASKING ──► ENTERING ──► INSIDE ──► LEFT
     *    └──────────┼────────────┴──────►
     *               └──► CANCELLING ──► GONE
     * </pre>
     *
     * <p>It asks when it is first requested, so its result never has to wait for demand. While ASKING, what was requested and
     * what has been withdrawn is told apart by {@code state}, inside the turnstile: a request that comes there after the cancel finds
     * the wait withdrawn, and a second one finds it begun. {@code phase} decides between the permit's arrival, the body's end and
     * a cancel. Who moves it from INSIDE to LEFT gives the permit back, so it comes back once; a permit that arrives after a
     * cancel, {@code signal} sends back.
     *
     * <p>ENTERING lasts while the body is being subscribed, which runs its code on this thread. A cancel from another thread
     * meanwhile must not let the next one in beside that code: it moves to CANCELLING, cancels the body, and moves on to GONE.
     * Whichever comes second, that or the return of the subscribing call, gives the permit back.
     *
     * <p>The body's value is kept until the body completes; who cancels, discards it.
     */
    private static final class Section<T> extends WeightedWaiter implements Subscription, CoreSubscriber<T>, Scannable {
        // Numbers and not an enum: the first one is the field's default, which costs no volatile write, and a
        // number needs no barrier of the garbage collector.
        private static final int ASKING = 0;
        private static final int ENTERING = 1;
        private static final int INSIDE = 2;
        private static final int LEFT = 3;
        private static final int CANCELLING = 4;
        private static final int GONE = 5;

        private static final AtomicIntegerFieldUpdater<Section> PHASE =
                AtomicIntegerFieldUpdater.newUpdater(Section.class, "phase");
        private static final AtomicReferenceFieldUpdater<Section, Subscription> BODY =
                AtomicReferenceFieldUpdater.newUpdater(Section.class, Subscription.class, "running");
        private static final AtomicReferenceFieldUpdater<Section, Object> VALUE =
                AtomicReferenceFieldUpdater.newUpdater(Section.class, Object.class, "value");

        private final PermitMono<T> of;
        private final CoreSubscriber<? super T> subscriber;
        private final @Nullable Expiry expiry;
        private volatile int phase;
        private volatile @Nullable Subscription running;
        private volatile @Nullable Object value; // a T

        Section(PermitMono<T> of, CoreSubscriber<? super T> subscriber) {
            super(of.semaphore, of.weight);
            this.of = of;
            this.subscriber = subscriber;
            this.expiry = Expiry.of(of.maxWait, of.semaphore.turnstile, this);
        }

        // ---- the wait ----

        @Override
        void take() {
            if (state == State.NEW) {
                of.semaphore.admit(this, weight, of.maxWait);
            }
        }

        @Override
        void signal() {
            stopTimer();
            boolean granted = state == State.DELIVERED;
            if (PHASE.compareAndSet(this, ASKING, granted ? ENTERING : LEFT)) {
                if (granted) {
                    try {
                        Mono.<T>fromDirect(of.body).subscribe(this);
                    } catch (Throwable t) { // it breaks its contract
                        Operators.reportThrowInSubscribe(this, t);
                    } finally {
                        entered();
                    }
                } else if (of.maxWait != null) {
                    subscriber.onError(new WaitTimeoutException(of.semaphore.what, of.maxWait));
                }
            } else if (granted) {
                of.semaphore.release(weight); // cancelled when the permit was on its way
            }
        }

        private void entered() {
            if (phase != LEFT // as it is where the body has ended
                    && !PHASE.compareAndSet(this, ENTERING, INSIDE)
                    && !PHASE.compareAndSet(this, CANCELLING, LEFT)
                    && PHASE.compareAndSet(this, GONE, LEFT)) {
                of.semaphore.release(weight); // the cancel has been heard before
            }
        }

        private void stopTimer() {
            if (expiry != null) {
                expiry.stop();
            }
        }

        // ---- the body ----

        @Override
        public void onSubscribe(Subscription body) {
            if (Operators.setOnce(BODY, this, body)) {
                body.request(Long.MAX_VALUE);
            }
        }

        @Override
        public void onNext(T next) {
            if (value != null) {
                Operators.onNextDropped(next, currentContext());
                return;
            }
            value = next;
            if (!isInside()) {
                discardValue(); // a cancel that came before may not have seen it
            }
        }

        @Override
        public void onError(Throwable error) {
            if (leave()) {
                discardValue();
                subscriber.onError(error);
            } else {
                Operators.onErrorDropped(error, currentContext());
            }
        }

        @Override
        public void onComplete() {
            if (!leave()) {
                return;
            }
            @SuppressWarnings("unchecked") // only onNext sets it
            T result = (T) value;
            if (result != null) {
                subscriber.onNext(result);
            }
            subscriber.onComplete();
        }

        private boolean leave() {
            for (int now = phase; now == ENTERING || now == INSIDE; now = phase) {
                if (PHASE.compareAndSet(this, now, LEFT)) {
                    of.semaphore.release(weight);
                    return true;
                }
            }
            return false;
        }

        private boolean isInside() {
            int now = phase;
            return now == ENTERING || now == INSIDE;
        }

        private void discardValue() {
            Operators.onDiscard(VALUE.getAndSet(this, null), currentContext());
        }

        // ---- the subscriber's side ----

        @Override
        public void request(long n) {
            if (Operators.validate(n) && phase == ASKING) {
                Turnstile turnstile = of.semaphore.turnstile;
                if (turnstile.tryEnter()) {
                    try {
                        take();
                    } finally {
                        turnstile.exit();
                    }
                } else { // a turn apart: requested twice, this one may be published already
                    turnstile.run(new Turn() {
                        @Override
                        void take() {
                            Section.this.take();
                        }
                    });
                }
                if (expiry != null && of.maxWait != null && phase == ASKING) {
                    expiry.start(of.maxWait);
                }
            }
        }

        @Override
        public void cancel() {
            int before = PHASE.getAndUpdate(this, now -> switch (now) {
                case ENTERING -> CANCELLING;
                case CANCELLING, GONE -> now;
                default -> LEFT;
            });
            switch (before) {
                case ASKING -> {
                    stopTimer();
                    leave(of.semaphore);
                }
                case ENTERING -> {
                    cancelBody();
                    if (!PHASE.compareAndSet(this, CANCELLING, GONE)) {
                        of.semaphore.release(weight); // the body's code has returned before
                    }
                }
                case INSIDE -> {
                    cancelBody();
                    of.semaphore.release(weight);
                }
                default -> {}
            }
        }

        private void cancelBody() {
            Operators.terminate(BODY, this);
            discardValue();
        }

        @Override
        public Context currentContext() {
            return subscriber.currentContext();
        }

        @Override
        public @Nullable Object scanUnsafe(Attr key) {
            if (key == Attr.ACTUAL) {
                return subscriber;
            }
            if (key == Attr.PARENT) {
                return running;
            }
            if (key == Attr.TERMINATED || key == Attr.CANCELLED) {
                int now = phase;
                return now == LEFT || now == CANCELLING || now == GONE;
            }
            return key == Attr.NAME ? "semaphore.permit" : null;
        }
    }
}
