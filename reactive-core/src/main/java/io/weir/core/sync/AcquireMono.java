package io.weir.core.sync;

import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.Scannable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Operators;

/** {@link AsyncSemaphore#acquire()}. */
final class AcquireMono extends Mono<Permit> {
    private final AsyncSemaphore semaphore;
    private final int weight;

    AcquireMono(AsyncSemaphore semaphore, int weight) {
        this.semaphore = semaphore;
        this.weight = weight;
    }

    @Override
    public void subscribe(CoreSubscriber<? super Permit> subscriber) {
        subscriber.onSubscribe(new Acquire(semaphore, weight, subscriber));
    }

    /**
     * {@code asking} decides between the permit's arrival and a cancel: a permit that arrives after the cancel goes back, so
     * unlike an element it is not emitted to one who has gone.
     */
    private static final class Acquire extends WeightedWaiter implements Subscription, Scannable {
        private final AsyncSemaphore semaphore;
        private final CoreSubscriber<? super Permit> subscriber;
        private final Asking asking = new Asking();

        Acquire(AsyncSemaphore semaphore, int weight, CoreSubscriber<? super Permit> subscriber) {
            super(semaphore, weight);
            this.semaphore = semaphore;
            this.subscriber = subscriber;
        }

        @Override
        public void request(long n) {
            if (Operators.validate(n) && asking.begin()) {
                semaphore.turnstile.run(this);
            }
        }

        @Override
        public void cancel() {
            if (asking.cancel()) {
                leave(semaphore);
            }
        }

        @Override
        void take() {
            if (state == State.NEW) {
                semaphore.admit(this, weight, null);
            }
        }

        @Override
        void signal() {
            if (asking.end()) {
                subscriber.onNext(new Permit(semaphore, weight));
                subscriber.onComplete();
            } else {
                semaphore.release(weight);
            }
        }

        @Override
        public @Nullable Object scanUnsafe(Attr key) {
            return asking.scan(key, subscriber, "semaphore.acquire");
        }
    }
}
