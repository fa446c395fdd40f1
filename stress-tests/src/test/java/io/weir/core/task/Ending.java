package io.weir.core.task;

import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Mono;

/** A source that ends when it is told to, cancelled or not. */
final class Ending extends Mono<Integer> implements Subscription {
    private @Nullable CoreSubscriber<? super Integer> subscriber;

    @Override
    public void subscribe(CoreSubscriber<? super Integer> subscriber) {
        this.subscriber = subscriber;
        subscriber.onSubscribe(this);
    }

    void succeed(int value) {
        if (subscriber != null) {
            subscriber.onNext(value);
            subscriber.onComplete();
        }
    }

    void fail(Throwable error) {
        if (subscriber != null) {
            subscriber.onError(error);
        }
    }

    @Override
    public void request(long n) {}

    @Override
    public void cancel() {}
}
