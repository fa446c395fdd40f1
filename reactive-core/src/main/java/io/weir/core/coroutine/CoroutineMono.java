package io.weir.core.coroutine;

import io.weir.core.task.Task;
import io.weir.core.task.TaskGroup;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscriber;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Operators;

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
        if (Task.current(subscriber.currentContext()).isEmpty()) { // then it is a task of its own
            TaskGroup.failFast().name(name).using(group -> this).subscribe((Subscriber<? super T>) subscriber);
        } else {
            subscriber.onSubscribe(new Body<>(name, body, subscriber));
        }
    }

    private static final class Body<T> extends CoroutineRun<T> {
        private final Callable<? extends @Nullable T> body;
        private final CoreSubscriber<? super T> subscriber;

        Body(String name, Callable<? extends @Nullable T> body, CoreSubscriber<? super T> subscriber) {
            super(name, subscriber);
            this.body = body;
            this.subscriber = subscriber;
        }

        @Override
        public void request(long n) {
            if (Operators.validate(n)) {
                start(body);
            }
        }

        @Override
        void returned(@Nullable T value) {
            if (value != null) {
                subscriber.onNext(value);
            }
            subscriber.onComplete();
        }

        @Override
        void failed(Throwable error) {
            subscriber.onError(error);
        }
    }
}
