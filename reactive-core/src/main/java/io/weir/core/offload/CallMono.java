package io.weir.core.offload;

import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.Scannable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Operators;

/** {@link Offload#call} and its static forms. */
final class CallMono<T> extends Mono<T> {
    private final @Nullable Offload own;
    private final Callable<? extends @Nullable T> call;
    private final boolean blocking;

    /** Without a pool of its own, it takes a shared one, and that one not before it is subscribed. */
    CallMono(@Nullable Offload own, Callable<? extends @Nullable T> call, boolean blocking) {
        this.own = own;
        this.call = Objects.requireNonNull(call);
        this.blocking = blocking;
    }

    @Override
    public void subscribe(CoreSubscriber<? super T> subscriber) {
        subscriber.onSubscribe(new Call<>(Offload.pool(own, blocking).workers(), call, subscriber));
    }

    /**
     * One call.
     *
     * <pre>
     * NEW ──► QUEUED ──► RUNNING ──► DONE
     *  │         │         └──────► INTERRUPTING ──► CANCELLED
     *  └─────────┴───────────────────────────────►
     * </pre>
     *
     * <p>The first request queues it, so its result never has to wait for demand. The worker moves QUEUED to RUNNING and RUNNING to DONE. A cancel that finds RUNNING first moves to INTERRUPTING, then
     * interrupts, then moves to CANCELLED; the worker does not go on to another call before it has seen that, so the interrupt
     * cannot hit the next one.
     */
    private static final class Call<T> implements Runnable, Subscription, Scannable {
        private enum Phase {
            NEW,
            QUEUED,
            RUNNING,
            DONE,
            INTERRUPTING,
            CANCELLED
        }

        private final CoreSubscriber<? super T> subscriber;
        private final Workers pool;
        private final Callable<? extends @Nullable T> call;
        private final AtomicReference<Phase> phase = new AtomicReference<>(Phase.NEW);
        private volatile @Nullable Thread worker;

        Call(Workers pool, Callable<? extends @Nullable T> call, CoreSubscriber<? super T> subscriber) {
            this.subscriber = subscriber;
            this.pool = pool;
            this.call = call;
        }

        @Override
        public void request(long n) {
            if (!Operators.validate(n) || !phase.compareAndSet(Phase.NEW, Phase.QUEUED)) {
                return;
            }
            try {
                pool.execute(this);
            } catch (OffloadRejectedException e) {
                if (phase.compareAndSet(Phase.QUEUED, Phase.DONE)) {
                    subscriber.onError(e);
                }
                return;
            }
            if (phase.get() == Phase.CANCELLED) {
                pool.forget(this); // the cancel may have looked before it was there
            }
        }

        @Override
        public void run() {
            worker = Thread.currentThread();
            if (!phase.compareAndSet(Phase.QUEUED, Phase.RUNNING)) {
                return;
            }
            T value = null;
            Throwable error = null;
            try {
                value = call.call();
            } catch (Throwable t) { // an Error too: a subscriber that hears nothing waits for ever
                error = t;
            }
            if (!phase.compareAndSet(Phase.RUNNING, Phase.DONE)) {
                afterCancel(value, error);
            } else if (error != null) {
                subscriber.onError(error);
            } else if (value == null) {
                subscriber.onComplete();
            } else {
                subscriber.onNext(value);
                subscriber.onComplete();
            }
        }

        private void afterCancel(@Nullable T value, @Nullable Throwable error) {
            while (phase.get() == Phase.INTERRUPTING) {
                // the interrupt is on its way: a few instructions
            }
            boolean interrupted = Thread.interrupted();
            if (value != null) {
                Operators.onDiscard(value, subscriber.currentContext());
            }
            if (error != null && !interrupted && !(error instanceof InterruptedException)) {
                Operators.onErrorDropped(error, subscriber.currentContext());
            }
        }

        @Override
        public void cancel() {
            if (phase.compareAndSet(Phase.NEW, Phase.CANCELLED)) {
                return;
            }
            if (phase.compareAndSet(Phase.QUEUED, Phase.CANCELLED)) {
                pool.forget(this);
            } else if (phase.compareAndSet(Phase.RUNNING, Phase.INTERRUPTING)) {
                Thread thread = worker;
                if (thread != null) {
                    thread.interrupt();
                }
                phase.set(Phase.CANCELLED);
            }
        }

        @Override
        public @Nullable Object scanUnsafe(Attr key) {
            if (key == Attr.ACTUAL) {
                return subscriber;
            }
            if (key == Attr.TERMINATED) {
                return phase.get() == Phase.DONE;
            }
            if (key == Attr.CANCELLED) {
                return phase.get() == Phase.CANCELLED;
            }
            return key == Attr.NAME ? "offload.call" : null;
        }
    }
}
