package io.weir.core.coroutine;

import java.util.Objects;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.Scannable;
import reactor.core.publisher.Operators;
import reactor.util.context.Context;

/**
 * One wait of one thread for one Mono.
 *
 * <pre>
 * WAITING ──► DONE         the Mono has completed or failed
 *    └──────► ABANDONED    the thread was interrupted, or its time was over
 * </pre>
 *
 * <p><b>Writers.</b> The Mono's signal and the waiting thread, each by one CAS. <b>Publication.</b> {@code value} and {@code error} are
 * written before DONE, and read after it. <b>Loss.</b> A value that came before ABANDONED is discarded by the thread that abandoned,
 * one that comes after it by the signal: both take it out of {@code value}, and who gets it discards it. <b>Lost wake-ups.</b> DONE
 * is written before the unpark, and looked at after each park, which may return for no reason.
 */
final class Await implements CoreSubscriber<Object>, Scannable {
    /** No bound, for {@link #park}. */
    static final long FOR_EVER = Long.MAX_VALUE;

    private static final int WAITING = 0;
    private static final int DONE = 1;
    private static final int ABANDONED = 2;

    private static final AtomicIntegerFieldUpdater<Await> STATE =
            AtomicIntegerFieldUpdater.newUpdater(Await.class, "state");
    private static final AtomicReferenceFieldUpdater<Await, Object> VALUE =
            AtomicReferenceFieldUpdater.newUpdater(Await.class, Object.class, "value");
    private static final AtomicReferenceFieldUpdater<Await, Subscription> UPSTREAM =
            AtomicReferenceFieldUpdater.newUpdater(Await.class, Subscription.class, "upstream");

    private final Thread thread = Thread.currentThread();
    private final Context context;
    private volatile @Nullable Subscription upstream;
    private volatile @Nullable Object value;
    private @Nullable Throwable error;
    private volatile int state;

    Await(Context context) {
        this.context = context;
    }

    /** Parks until the Mono has ended: true; or until the thread is interrupted or the time is over: false, and the Mono is cancelled. */
    boolean park(long nanos) {
        long until = nanos == FOR_EVER ? 0 : System.nanoTime() + nanos;
        while (state == WAITING) {
            if (nanos == FOR_EVER) {
                LockSupport.park(this);
            } else {
                LockSupport.parkNanos(this, until - System.nanoTime());
            }
            boolean over = nanos != FOR_EVER && until - System.nanoTime() <= 0;
            if ((over || thread.isInterrupted()) && abandon()) {
                return false;
            }
        }
        return true;
    }

    boolean abandon() {
        if (!STATE.compareAndSet(this, WAITING, ABANDONED)) {
            return false;
        }
        Operators.terminate(UPSTREAM, this);
        discard();
        return true;
    }

    boolean isDone() {
        return state == DONE;
    }

    /** After DONE: the error, or null. */
    @Nullable
    Throwable error() {
        return error;
    }

    /** After DONE, where there is no error: the value, or null. */
    @Nullable
    Object value() {
        return value;
    }

    private void discard() {
        Operators.onDiscard(VALUE.getAndSet(this, null), context);
    }

    @Override
    public void onSubscribe(Subscription subscription) {
        if (Operators.setOnce(UPSTREAM, this, subscription)) {
            subscription.request(Long.MAX_VALUE);
        }
    }

    @Override
    public void onNext(Object next) {
        if (state != WAITING || value != null) {
            Operators.onNextDropped(next, context);
            return;
        }
        value = next;
        if (state == ABANDONED) {
            discard();
        }
    }

    @Override
    public void onError(Throwable failure) {
        Throwable told = Objects.requireNonNull(failure);
        error = told;
        if (!end()) {
            Operators.onErrorDropped(told, context);
        }
    }

    @Override
    public void onComplete() {
        end();
    }

    private boolean end() {
        if (!STATE.compareAndSet(this, WAITING, DONE)) {
            return false;
        }
        if (Thread.currentThread() != thread) {
            LockSupport.unpark(thread);
        }
        return true;
    }

    @Override
    public Context currentContext() {
        return context;
    }

    @Override
    public @Nullable Object scanUnsafe(Attr key) {
        if (key == Attr.PARENT) {
            return upstream;
        }
        if (key == Attr.TERMINATED) {
            return state == DONE;
        }
        if (key == Attr.CANCELLED) {
            return state == ABANDONED;
        }
        return key == Attr.NAME ? "await" : null;
    }
}
