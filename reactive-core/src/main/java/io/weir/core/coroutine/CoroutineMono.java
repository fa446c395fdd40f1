package io.weir.core.coroutine;

import io.weir.core.task.Task;
import io.weir.core.task.TaskGroup;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Operators;
import reactor.util.context.Context;

/** {@link Coroutine#async}. */
final class CoroutineMono<T> extends Mono<T> {
    private final String name;
    private final Callable<? extends @Nullable T> body;

    CoroutineMono(String name, Callable<? extends @Nullable T> body) {
        this.name = Objects.requireNonNull(name);
        this.body = Objects.requireNonNull(body);
    }

    @Override
    public void subscribe(CoreSubscriber<? super T> subscriber) {
        if (Task.current(subscriber.currentContext()).isEmpty()) {
            TaskGroup.failFast().name(name).using(group -> this).subscribe((Subscriber<? super T>) subscriber);
        } else {
            subscriber.onSubscribe(new Body<>(name, body, subscriber));
        }
    }

    /** One run; also the subscriber of the call that runs it. */
    private static final class Body<T> extends CoroutineRun implements CoreSubscriber<T> {
        private static final AtomicIntegerFieldUpdater<Body> REQUESTED =
                AtomicIntegerFieldUpdater.newUpdater(Body.class, "requested");

        private final Callable<? extends @Nullable T> body;
        private final CoreSubscriber<? super T> subscriber;
        private volatile int requested;

        Body(String name, Callable<? extends @Nullable T> body, CoreSubscriber<? super T> subscriber) {
            super(name, subscriber.currentContext());
            this.body = body;
            this.subscriber = subscriber;
        }

        @Override
        public void request(long n) {
            if (Operators.validate(n) && REQUESTED.compareAndSet(this, 0, 1)) {
                Threads.<T>call(() -> run(body)).subscribe((Subscriber<? super T>) this);
            }
        }

        @Override
        public void onSubscribe(Subscription call) {
            if (started(call)) {
                call.request(Long.MAX_VALUE);
            }
        }

        @Override
        public void onNext(T value) {
            subscriber.onNext(value);
        }

        @Override
        public void onError(Throwable error) {
            subscriber.onError(error);
        }

        @Override
        public void onComplete() {
            subscriber.onComplete();
        }

        @Override
        public Context currentContext() {
            return context();
        }

        @Override
        public @Nullable Object scanUnsafe(Attr key) {
            return key == Attr.ACTUAL ? subscriber : super.scanUnsafe(key);
        }
    }
}
