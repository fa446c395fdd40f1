package io.weir.core.coroutine;

import java.util.Objects;
import java.util.concurrent.atomic.AtomicLongFieldUpdater;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Operators;

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
     * One run. The body's thread emits by itself, so nothing is queued: {@code yield} takes all the demand there is, uses it up,
     * and parks when there is none.
     *
     * <p><b>Lost wake-ups.</b> The body writes {@code parked} and looks at the demand again before it parks; a request adds to the demand
     * before it reads {@code parked}. One of the two sees the other.
     * <b>Proof.</b> The races {@code YieldRequestRace}, {@code YieldCancelRace}, {@code YieldRequestCancelRace}, {@code GenerateTwoRequestsRace} and
     * {@code GenerateStartCancelRace} under jcstress; {@code GenerateTest}, with the rules of Reactive Streams.
     */
    static class Body<T> extends CoroutineRun<Object> implements Generator.Out<T> {
        private static final AtomicLongFieldUpdater<Body> DEMAND =
                AtomicLongFieldUpdater.newUpdater(Body.class, "demand");

        private final Generator<T> body;
        private final CoreSubscriber<? super T> subscriber;
        private volatile long demand;
        private volatile @Nullable Thread parked;

        // Of the body's thread alone.
        private @Nullable Thread owner;
        private long left;

        Body(String name, Generator<T> body, CoreSubscriber<? super T> subscriber) {
            super(name, subscriber);
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
            if (isNew()) {
                start(this::runBody);
            }
            Thread waiting = parked;
            if (waiting != null) {
                LockSupport.unpark(waiting);
            }
        }

        @Override
        void returned(@Nullable Object nothing) {
            subscriber.onComplete();
        }

        @Override
        void failed(Throwable error) {
            subscriber.onError(error);
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
            signalling(true);
            try {
                subscriber.onNext(element);
            } finally {
                signalling(false);
            }
            if (isCancelled()) {
                throw Waits.cancelled(this);
            }
        }

        private void awaitDemand() {
            while (true) {
                if (isCancelled()) {
                    throw Waits.cancelled(this);
                }
                left = DEMAND.getAndSet(this, 0);
                if (left != 0) {
                    return;
                }
                parked = owner;
                if (demand == 0 && !isCancelled()) {
                    LockSupport.park(this);
                }
                parked = null;
                if (!isCancelled() && Thread.currentThread().isInterrupted()) {
                    throw new CoroutineCancelledException("the thread was interrupted while it waited for demand");
                }
            }
        }

        @Override
        public @Nullable Object scanUnsafe(Attr key) {
            return key == Attr.REQUESTED_FROM_DOWNSTREAM ? demand : super.scanUnsafe(key);
        }
    }
}
