package io.weir.core.offload;

import java.io.InterruptedIOException;
import java.nio.channels.ClosedByInterruptException;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.Scannable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Operators;
import reactor.core.scheduler.Schedulers;

/** {@link Offload#call} and its static forms. */
final class CallMono<T> extends Mono<T> implements Scannable {
    private final Supplier<Pool> pool;
    private final String name;
    private final Callable<? extends @Nullable T> call;

    /** The pool is asked for with each subscription, so that a shared one is not made before it is needed. */
    CallMono(Supplier<Pool> pool, String name, Callable<? extends @Nullable T> call) {
        this.pool = pool;
        this.name = name;
        this.call = Objects.requireNonNull(call);
    }

    @Override
    public void subscribe(CoreSubscriber<? super T> subscriber) {
        subscriber.onSubscribe(new Call<>(pool.get(), this, subscriber));
    }

    @Override
    public @Nullable Object scanUnsafe(Attr key) {
        if (key == Attr.RUN_STYLE) {
            return Attr.RunStyle.ASYNC;
        }
        return key == Attr.NAME ? name : null;
    }

    /** One call. The first request enters it, so that its result never has to wait for demand. */
    private static final class Call<T> extends Job implements Runnable, Subscription, Scannable {
        /** Causes may form a ring. */
        private static final int MAX_CAUSES = 16;

        private final CallMono<T> source;
        private final CoreSubscriber<? super T> subscriber;
        private Callable<? extends @Nullable T> body;
        private Runnable decorated = this;
        private @Nullable T value;
        private @Nullable Throwable thrown;

        Call(Pool pool, CallMono<T> source, CoreSubscriber<? super T> subscriber) {
            super(pool);
            this.source = source;
            this.body = source.call;
            this.subscriber = subscriber;
        }

        @Override
        public void request(long n) {
            if (n <= 0) {
                if (!cancelJob()) {
                    return;
                }
                subscriber.onError(new IllegalArgumentException("a request is for at least 1, and was for " + n));
                return;
            }
            if (!isNew()) {
                return;
            }
            try {
                prepare();
                pool.enter();
            } catch (Throwable t) {
                if (refusedAtOnce()) {
                    subscriber.onError(t);
                }
                return;
            }
            if (!enqueued()) {
                pool.leave(); // cancelled meanwhile
                return;
            }
            try {
                pool.enqueue(this);
            } catch (Throwable t) { // no thread could be started
                if (withdraw()) {
                    subscriber.onError(t);
                }
            }
        }

        /** What runs is decorated as in every Reactor scheduler, and finds the caller's thread locals. */
        private void prepare() {
            body = ThreadLocals.carriedTo(source.call, subscriber.currentContext());
            decorated = Schedulers.onSchedule(this);
        }

        @Override
        void work() throws Throwable {
            decorated.run();
            if (thrown != null) {
                throw thrown;
            }
        }

        /** The call alone, inside its decorators. */
        @Override
        public void run() {
            try {
                value = body.call();
            } catch (Throwable t) {
                thrown = t;
            }
        }

        @Override
        void ended(@Nullable Throwable error, boolean cancelled) {
            T result = value;
            if (cancelled) {
                if (result != null) {
                    Operators.onDiscard(result, subscriber.currentContext());
                }
                if (error != null && !isInterruption(error)) {
                    Operators.onErrorDropped(error, subscriber.currentContext());
                }
            } else if (error != null) {
                subscriber.onError(error);
            } else if (result == null) {
                subscriber.onComplete();
            } else {
                subscriber.onNext(result);
                subscriber.onComplete();
            }
        }

        /** True if this is what an interrupted call throws, and so no news to who cancelled it. */
        private static boolean isInterruption(Throwable error) {
            Throwable cause = error;
            for (int depth = 0; cause != null && depth < MAX_CAUSES; depth++) {
                if (cause instanceof InterruptedException
                        || cause instanceof InterruptedIOException
                        || cause instanceof ClosedByInterruptException) {
                    return true;
                }
                cause = cause.getCause();
            }
            return false;
        }

        @Override
        void refused(OffloadRejectedException closed) {
            subscriber.onError(closed);
        }

        @Override
        public void cancel() {
            cancelJob();
        }

        @Override
        public @Nullable Object scanUnsafe(Attr key) {
            if (key == Attr.ACTUAL) {
                return subscriber;
            }
            if (key == Attr.TERMINATED) {
                return isDone();
            }
            if (key == Attr.CANCELLED) {
                return isCancelled();
            }
            return source.scanUnsafe(key);
        }
    }
}
