package io.weir.core.sync;

import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.Scannable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Operators;

/** {@link AsyncQueue#put}. */
final class PutMono<T> extends Mono<Void> {
    private final QueueCore<T> queue;
    private final T value;

    PutMono(QueueCore<T> queue, T value) {
        this.queue = queue;
        this.value = value;
    }

    @Override
    public void subscribe(CoreSubscriber<? super Void> subscriber) {
        if (queue.putAtOnce(value)) {
            Operators.complete(subscriber);
            return;
        }
        Put<T> put = new Put<>(queue, value, subscriber);
        subscriber.onSubscribe(put);
        queue.turnstile.run(put);
    }

    private static final class Put<T> extends Putter<T> implements Subscription, Scannable {
        private final QueueCore<T> queue;
        private final T value;
        private final CoreSubscriber<? super Void> subscriber;
        private @Nullable Throwable error;

        Put(QueueCore<T> queue, T value, CoreSubscriber<? super Void> subscriber) {
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
            try {
                if (queue.isClosed()) {
                    end(State.FAILED);
                } else if (queue.accept(value)) {
                    accepted(1);
                } else {
                    waitIn(queue.putters);
                }
            } catch (Throwable t) {
                rejected(t);
            }
        }

        @Override
        T offered() {
            return value;
        }

        @Override
        void accepted(int count) {
            end(State.DELIVERED);
        }

        @Override
        void rejected(Throwable error) {
            this.error = error;
            end(State.FAILED);
        }

        @Override
        void signal() {
            if (state == State.FAILED) {
                subscriber.onError(error != null ? error : queue.closedError("put"));
            } else {
                subscriber.onComplete();
            }
        }

        @Override
        public @Nullable Object scanUnsafe(Attr key) {
            return scan(key, subscriber, "queue.put");
        }
    }
}
