package io.weir.core.sync;

import java.util.concurrent.atomic.AtomicReference;
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
     * {@code phase} decides between the permit's arrival and a cancel: a permit that arrives after the cancel goes back, so
     * unlike an element it is not emitted to one who has gone.
     */
    private static final class Acquire extends WeightedWaiter implements Subscription, Scannable {
        private enum Phase {
            NEW,
            ASKING,
            ENDED,
            CANCELLED
        }

        private final AsyncSemaphore semaphore;
        private final CoreSubscriber<? super Permit> subscriber;
        private final AtomicReference<Phase> phase = new AtomicReference<>(Phase.NEW);

        Acquire(AsyncSemaphore semaphore, int weight, CoreSubscriber<? super Permit> subscriber) {
            super(semaphore, weight);
            this.semaphore = semaphore;
            this.subscriber = subscriber;
        }

        @Override
        public void request(long n) {
            if (Operators.validate(n) && phase.compareAndSet(Phase.NEW, Phase.ASKING)) {
                semaphore.turnstile.run(this);
            }
        }

        @Override
        public void cancel() {
            // NEW first: it is never new again, so a request in between cannot be missed
            if (!phase.compareAndSet(Phase.NEW, Phase.CANCELLED)
                    && phase.compareAndSet(Phase.ASKING, Phase.CANCELLED)) {
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
            if (phase.compareAndSet(Phase.ASKING, Phase.ENDED)) {
                subscriber.onNext(new Permit(semaphore, weight));
                subscriber.onComplete();
            } else {
                semaphore.release(weight);
            }
        }

        @Override
        public @Nullable Object scanUnsafe(Attr key) {
            if (key == Attr.ACTUAL) {
                return subscriber;
            }
            if (key == Attr.TERMINATED) {
                return phase.get() == Phase.ENDED;
            }
            if (key == Attr.CANCELLED) {
                return phase.get() == Phase.CANCELLED;
            }
            return key == Attr.NAME ? "semaphore.acquire" : null;
        }
    }
}
