package io.weir.core.sync;

import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.Scannable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Operators;

/** {@link AsyncQueue#put}. */
final class PutMono<T> extends Mono<Void> {
    private final AsyncQueue<T> queue;
    private final T value;

    PutMono(AsyncQueue<T> queue, T value) {
        this.queue = queue;
        this.value = value;
    }

    @Override
    public void subscribe(CoreSubscriber<? super Void> subscriber) {
        Put<T> put = new Put<>(queue, value, subscriber);
        subscriber.onSubscribe(put);
        queue.turnstile.run(put);
    }

    static final class Put<T> extends Waiter implements Subscription, Scannable {
        private final AsyncQueue<T> queue;
        final T value;
        private final CoreSubscriber<? super Void> subscriber;

        Put(AsyncQueue<T> queue, T value, CoreSubscriber<? super Void> subscriber) {
            super(queue.turnstile);
            this.queue = queue;
            this.value = value;
            this.subscriber = subscriber;
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
        void take() {
            if (state == State.CANCELLED) {
                return;
            }
            if (queue.isClosed()) {
                end(State.FAILED);
            } else if (queue.accept(value)) {
                end(State.DELIVERED);
            } else {
                waitIn(queue.putters);
            }
        }

        @Override
        void signal() {
            if (state == State.FAILED) {
                subscriber.onError(queue.closedError("put"));
            } else {
                subscriber.onComplete();
            }
        }

        @Override
        public @Nullable Object scanUnsafe(Attr key) {
            if (key == Attr.ACTUAL) {
                return subscriber;
            }
            if (key == Attr.TERMINATED) {
                return state == State.DELIVERED || state == State.FAILED;
            }
            if (key == Attr.CANCELLED) {
                return state == State.CANCELLED;
            }
            return key == Attr.NAME ? "queue.put" : null;
        }
    }
}
