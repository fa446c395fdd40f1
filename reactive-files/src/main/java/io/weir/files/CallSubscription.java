package io.weir.files;

import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.Scannable;
import reactor.core.publisher.Operators;

/**
 * One call to an engine for one subscriber.
 *
 * <ul>
 *   <li>State: WAITING for the first request, RUNNING, then ENDED or CANCELLED, which are final.
 *   <li>Writers: the subscriber's request and cancel, and the engine's one answer, each by one CAS.
 *   <li>Invariant: the call begins once, and not after a cancel. A call that has begun goes on to its answer whatever is cancelled: what it
 *       works with is given up then.
 *   <li>Callbacks: the subscriber is called on the thread of the answer, under no lock.
 *   <li>Loss: an answer after a cancel is discarded, and an error forgotten: nobody asked whether it still had an effect.
 *   <li>Proof: {@code AsyncFileTest}.
 * </ul>
 */
final class CallSubscription<T> implements Subscription, Scannable {
    private static final int WAITING = 0;
    private static final int RUNNING = 1;
    private static final int ENDED = 2;
    private static final int CANCELLED = 3;

    @SuppressWarnings("rawtypes")
    private static final AtomicIntegerFieldUpdater<CallSubscription> STATE =
            AtomicIntegerFieldUpdater.newUpdater(CallSubscription.class, "state");

    private final FileOperation operation;
    private final CallMono.Call<T> call;
    private final Consumer<? super T> discard;
    private final CoreSubscriber<? super T> actual;

    private volatile int state;

    CallSubscription(
            FileOperation operation,
            CallMono.Call<T> call,
            Consumer<? super T> discard,
            CoreSubscriber<? super T> actual) {
        this.operation = operation;
        this.call = call;
        this.discard = discard;
        this.actual = actual;
    }

    @Override
    public void request(long n) {
        if (Operators.validate(n) && STATE.compareAndSet(this, WAITING, RUNNING)) {
            call.begin(this);
        }
    }

    @Override
    public void cancel() {
        if (STATE.compareAndSet(this, WAITING, CANCELLED)) {
            call.forget();
        } else {
            STATE.compareAndSet(this, RUNNING, CANCELLED);
        }
    }

    void succeed(@Nullable T value) {
        if (!STATE.compareAndSet(this, RUNNING, ENDED)) {
            if (value != null) {
                discard.accept(value);
            }
            return;
        }
        try {
            if (value != null) {
                actual.onNext(value);
            }
            actual.onComplete();
        } catch (Throwable t) { // nobody is left to tell, and the thread is the engine's
            Operators.onErrorDropped(t, actual.currentContext());
        }
    }

    void fail(Throwable t) {
        if (!STATE.compareAndSet(this, RUNNING, ENDED)) {
            return;
        }
        Throwable failure = operation.told(t);
        try {
            actual.onError(failure);
        } catch (Throwable thrown) {
            Operators.onErrorDropped(thrown, actual.currentContext());
        }
    }

    @Override
    public @Nullable Object scanUnsafe(Attr key) {
        if (key == Attr.ACTUAL) {
            return actual;
        }
        if (key == Attr.CANCELLED) {
            return state == CANCELLED;
        }
        if (key == Attr.TERMINATED) {
            return state == ENDED;
        }
        if (key == Attr.NAME) {
            return operation.taskName();
        }
        return key == Attr.RUN_STYLE ? Attr.RunStyle.ASYNC : null;
    }

    @Override
    public String stepName() {
        return operation.toString();
    }
}
