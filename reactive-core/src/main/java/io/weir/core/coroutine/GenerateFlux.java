package io.weir.core.coroutine;

import io.weir.core.task.Task;
import io.weir.core.task.TaskGroup;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import java.util.concurrent.atomic.AtomicLongFieldUpdater;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Operators;
import reactor.util.context.Context;

/** {@link Coroutine#generate}. */
final class GenerateFlux<T> extends Flux<T> {
    private final String name;
    private final Generator<T> body;

    GenerateFlux(String name, Generator<T> body) {
        this.name = name;
        this.body = body;
    }

    @Override
    public void subscribe(CoreSubscriber<? super T> subscriber) {
        subscriber.onSubscribe(new Body<>(name, body, subscriber));
    }

    /**
     * One run. The body's thread emits by itself, so nothing is queued: {@code yield} takes one from {@code demand}, or parks until
     * there is some.
     *
     * <p><b>Lost wake-ups.</b> The body writes {@code parked} and looks at the demand again before it parks; a request adds to the demand
     * before it reads {@code parked}. One of the two sees the other.
     */
    private static final class Body<T> extends CoroutineRun implements CoreSubscriber<Object>, Generator.Out<T> {
        private static final AtomicLongFieldUpdater<Body> DEMAND =
                AtomicLongFieldUpdater.newUpdater(Body.class, "demand");
        private static final AtomicIntegerFieldUpdater<Body> BEGUN =
                AtomicIntegerFieldUpdater.newUpdater(Body.class, "begun");

        private final Generator<T> body;
        private final CoreSubscriber<? super T> subscriber;
        private volatile long demand;
        private volatile int begun;
        private volatile @Nullable Thread parked;

        // Of the body's thread alone. It takes all the demand there is at once, and uses it up.
        private @Nullable Thread owner;
        private long left;

        Body(String name, Generator<T> body, CoreSubscriber<? super T> subscriber) {
            super(name, subscriber.currentContext());
            this.body = body;
            this.subscriber = subscriber;
        }

        // ---- the subscriber's side ----

        @Override
        public void request(long n) {
            if (!Operators.validate(n)) {
                return;
            }
            Operators.addCap(DEMAND, this, n);
            if (begun == 0 && BEGUN.compareAndSet(this, 0, 1)) {
                begin();
                return;
            }
            Thread waiting = parked;
            if (waiting != null) {
                LockSupport.unpark(waiting);
            }
        }

        private void begin() {
            Mono<Object> run = Mono.deferContextual(inner -> {
                runIn(Context.of(inner));
                return Threads.call(() -> run(this::runBody));
            });
            Mono<Object> task = Task.current(context()).isPresent()
                    ? run
                    : TaskGroup.failFast().name(name()).using(group -> run);
            task.subscribe((Subscriber<Object>) this);
        }

        // ---- the body's side ----

        private @Nullable Object runBody() throws Exception {
            owner = Thread.currentThread();
            try {
                body.run(this);
            } finally {
                owner = null;
            }
            return null;
        }

        @Override
        public void yield(T element) {
            Objects.requireNonNull(element, "an element that is yielded must not be null");
            if (owner != Thread.currentThread()) {
                throw new IllegalStateException("yield belongs to the thread of the generator's body, while that runs");
            }
            if (isCancelled()) {
                throw Waits.cancelled(this);
            }
            if (left == 0) {
                awaitDemand();
            }
            if (left != Long.MAX_VALUE) {
                left--;
            }
            subscriber.onNext(element);
        }

        private void awaitDemand() {
            while ((left = DEMAND.getAndSet(this, 0)) == 0) {
                parked = owner;
                if (demand == 0 && !isCancelled()) {
                    LockSupport.park(this);
                }
                parked = null;
                if (isCancelled()) {
                    throw Waits.cancelled(this);
                }
                if (Thread.currentThread().isInterrupted()) {
                    throw new CoroutineCancelledException("the thread was interrupted while it waited for demand");
                }
            }
        }

        // ---- the end of the body ----

        @Override
        public void onSubscribe(Subscription call) {
            if (started(call)) {
                call.request(Long.MAX_VALUE);
            }
        }

        @Override
        public void onNext(Object ignored) {
            Operators.onNextDropped(ignored, context());
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
            return subscriber.currentContext();
        }

        @Override
        public @Nullable Object scanUnsafe(Attr key) {
            if (key == Attr.ACTUAL) {
                return subscriber;
            }
            return key == Attr.REQUESTED_FROM_DOWNSTREAM ? demand : super.scanUnsafe(key);
        }
    }
}
