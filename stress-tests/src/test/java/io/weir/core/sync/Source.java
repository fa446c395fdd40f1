package io.weir.core.sync;

import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;

/** A source that emits when it is told to, and counts what it was asked for. */
final class Source implements Publisher<Integer>, Subscription {
    private final AtomicInteger requested = new AtomicInteger();
    private volatile boolean cancelled;
    private @Nullable Subscriber<? super Integer> subscriber;

    @Override
    public void subscribe(Subscriber<? super Integer> subscriber) {
        this.subscriber = subscriber;
        subscriber.onSubscribe(this);
    }

    void emit(int element) {
        if (subscriber != null) {
            subscriber.onNext(element);
        }
    }

    void complete() {
        if (subscriber != null) {
            subscriber.onComplete();
        }
    }

    int requested() {
        return requested.get();
    }

    boolean isCancelled() {
        return cancelled;
    }

    @Override
    public void request(long n) {
        requested.addAndGet((int) Math.min(n, 1_000));
    }

    @Override
    public void cancel() {
        cancelled = true;
    }
}
