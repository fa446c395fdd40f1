package io.weir.core.sync;

import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.Scannable;
import reactor.core.publisher.Operators;

/** {@link AsyncBarrier#await()}. */
final class Arrival extends Waiter implements Subscription, Scannable {
    private final AsyncBarrier barrier;
    private final CoreSubscriber<? super Integer> subscriber;
    private final AtomicBoolean asked = new AtomicBoolean();
    private int place;
    private AsyncBarrier.@Nullable Break failure;

    Arrival(AsyncBarrier barrier, CoreSubscriber<? super Integer> subscriber) {
        super(barrier.turnstile);
        this.barrier = barrier;
        this.subscriber = subscriber;
    }

    @Override
    public void request(long n) {
        if (Operators.validate(n) && asked.compareAndSet(false, true)) {
            barrier.turnstile.run(this);
        }
    }

    @Override
    public void cancel() {
        abandon();
    }

    @Override
    void take() {
        if (state == State.NEW) {
            barrier.admit(this);
        }
    }

    /** Inside: the round is complete. */
    void pass(int place) {
        this.place = place;
        end(State.DELIVERED);
    }

    /** Inside: the barrier broke. */
    void fail(AsyncBarrier.Break how) {
        this.failure = how;
        end(State.FAILED);
    }

    @Override
    void signal() {
        if (state == State.DELIVERED) {
            subscriber.onNext(place);
            subscriber.onComplete();
        } else {
            subscriber.onError(Objects.requireNonNull(failure).exception());
        }
    }

    @Override
    public @Nullable Object scanUnsafe(Attr key) {
        return scan(key, subscriber, "barrier.await");
    }
}
