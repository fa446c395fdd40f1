package io.weir.files;

import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;

/** A subscriber with a mistake in it: BaseSubscriber and lambdas would turn the exception into a cancel. */
final class ThrowingSubscriber implements CoreSubscriber<Object> {
    static final class Mistake extends RuntimeException {}

    @Override
    public void onSubscribe(Subscription s) {
        s.request(Long.MAX_VALUE);
    }

    @Override
    public void onNext(Object element) {
        throw new Mistake();
    }

    @Override
    public void onError(Throwable t) {
        throw new AssertionError(t);
    }

    @Override
    public void onComplete() {
        throw new AssertionError("completed");
    }
}
