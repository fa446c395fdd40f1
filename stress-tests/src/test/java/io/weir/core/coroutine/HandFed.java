package io.weir.core.coroutine;

import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Mono;

/** What one actor waits for, and the other one signals: as many elements as it likes, where it is iterated over. */
final class HandFed extends Mono<Integer> implements Subscription {
    final AtomicInteger cancelled = new AtomicInteger();
    private volatile @Nullable CoreSubscriber<? super Integer> subscriber;
    private volatile @Nullable Thread waiting;

    @Override
    public void subscribe(CoreSubscriber<? super Integer> actual) {
        waiting = Thread.currentThread();
        actual.onSubscribe(this);
        subscriber = actual;
    }

    /** Waits until the other actor has subscribed, which is about to wait now. */
    CoreSubscriber<? super Integer> met() {
        CoreSubscriber<? super Integer> met = subscriber;
        while (met == null) {
            Thread.onSpinWait();
            met = subscriber;
        }
        return met;
    }

    void interrupt() {
        Thread other = waiting;
        if (other != null) {
            other.interrupt();
        }
    }

    @Override
    public void request(long n) {}

    @Override
    public void cancel() {
        cancelled.incrementAndGet();
    }
}
