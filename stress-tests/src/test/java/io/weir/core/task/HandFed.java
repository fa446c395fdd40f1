package io.weir.core.task;

import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Mono;

/** A source that signals when it is told to, cancelled or not, and counts its subscriptions and cancels. */
final class HandFed extends Mono<Integer> implements Subscription {
    final AtomicInteger subscribed = new AtomicInteger();
    final AtomicInteger cancelled = new AtomicInteger();
    private volatile @Nullable CoreSubscriber<? super Integer> subscriber;

    @Override
    public void subscribe(CoreSubscriber<? super Integer> actual) {
        subscribed.incrementAndGet();
        subscriber = actual;
        actual.onSubscribe(this);
    }

    void succeed() {
        CoreSubscriber<? super Integer> actual = subscriber;
        if (actual != null) {
            actual.onNext(1);
            actual.onComplete();
        }
    }

    void complete() {
        CoreSubscriber<? super Integer> actual = subscriber;
        if (actual != null) {
            actual.onComplete();
        }
    }

    void fail(Throwable error) {
        CoreSubscriber<? super Integer> actual = subscriber;
        if (actual != null) {
            actual.onError(error);
        }
    }

    /** How many run that nobody has cancelled. */
    int running() {
        return subscribed.get() - cancelled.get();
    }

    @Override
    public void request(long n) {}

    @Override
    public void cancel() {
        cancelled.incrementAndGet();
    }
}
