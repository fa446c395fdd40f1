package io.weir.core.coroutine;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Objects;
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
 * <p><b>Writers.</b> The Mono's signal and the waiting thread, each by one CAS. Only the waiting thread abandons, so a signal that comes on
 * that very thread, while it subscribes, races with nobody and needs no atomic step. <b>Publication.</b> {@code result} is written before
 * DONE, and read after it. <b>Loss.</b> A value that came before ABANDONED is discarded by the thread that abandoned, one that comes after it
 * by the signal; where they meet, both take it out of {@code result}, and who gets it discards it. <b>Lost wake-ups.</b> DONE
 * is written before the unpark, and looked at after each park, which may return for no reason. <b>Proof.</b> The races {@code AwaitParkCompleteRace},
 * {@code AwaitTimedParkCompleteRace}, {@code AwaitInterruptCompleteRace}, {@code AwaitCompleteCancelRace}, {@code AwaitCancelCompleteRace},
 * {@code AwaitCancelFailRace} and {@code AwaitSubscribeCancelRace} under jcstress; {@code ThreadStateTest}, {@code CancelFromInsideTest}.
 */
final class Await implements CoreSubscriber<Object>, Scannable {
    /** No bound, for {@link #park}. */
    static final long FOR_EVER = Long.MAX_VALUE;

    private static final int WAITING = 0;
    private static final int DONE = 1;
    private static final int ABANDONED = 2;

    private static final VarHandle STATE;
    private static final VarHandle RESULT;
    private static final VarHandle UPSTREAM;

    static {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            STATE = lookup.findVarHandle(Await.class, "state", int.class);
            RESULT = lookup.findVarHandle(Await.class, "result", Object.class);
            UPSTREAM = lookup.findVarHandle(Await.class, "upstream", Subscription.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    /** What {@code result} is where there is an error. */
    private record Failure(Throwable error) {}

    private final Thread thread = Thread.currentThread();
    private final Context context;
    private volatile @Nullable Subscription upstream;
    private volatile @Nullable Object result;
    private volatile int state;

    Await(Context context) {
        this.context = context;
    }

    /**
     * Parks until the Mono has ended: true; or until the thread is interrupted or the time is over: false, and the Mono is cancelled.
     *
     * @param shieldedFrom whose cancel's interrupt is kept for later
     */
    boolean park(long nanos, @Nullable CoroutineRun<?> shieldedFrom) {
        long until = nanos == FOR_EVER ? 0 : System.nanoTime() + nanos;
        boolean interrupted = false;
        try {
            while (state == WAITING) {
                if (nanos == FOR_EVER) {
                    LockSupport.park(this);
                } else {
                    LockSupport.parkNanos(this, until - System.nanoTime());
                }
                if (shieldedFrom != null && shieldedFrom.isCancelled()) {
                    interrupted |= Thread.interrupted();
                }
                boolean over = nanos != FOR_EVER && until - System.nanoTime() <= 0;
                if ((over || thread.isInterrupted()) && abandon()) {
                    return false;
                }
            }
            return true;
        } finally {
            if (interrupted) {
                thread.interrupt();
            }
        }
    }

    boolean abandon() {
        if (!STATE.compareAndSet(this, WAITING, ABANDONED)) {
            return false;
        }
        Subscription source = (Subscription) UPSTREAM.getAndSet(this, Operators.cancelledSubscription());
        if (source != null) {
            source.cancel();
        }
        discard();
        return true;
    }

    boolean isDone() {
        return state == DONE;
    }

    /** After DONE: the value, or null; throws the error. */
    @Nullable
    Object result() {
        Object told = RESULT.get(this);
        if (told instanceof Failure failure) {
            throw Waits.thrown(failure.error());
        }
        return told;
    }

    private void discard() {
        Object held = RESULT.getAndSet(this, null);
        if (!(held instanceof Failure)) { // that one is dropped by the signal
            Operators.onDiscard(held, context);
        }
    }

    private boolean isHere() {
        return Thread.currentThread() == thread;
    }

    @Override
    public void onSubscribe(Subscription subscription) {
        if (isHere() && UPSTREAM.get(this) == null) {
            UPSTREAM.set(this, subscription);
        } else if (!UPSTREAM.compareAndSet(this, null, subscription)) {
            subscription.cancel();
            if (upstream != Operators.cancelledSubscription()) {
                Operators.reportSubscriptionSet();
            }
            return;
        }
        subscription.request(Long.MAX_VALUE);
    }

    @Override
    public void onNext(Object next) {
        int now = state;
        if (now == ABANDONED) {
            Operators.onDiscard(next, context);
        } else if (now == DONE || RESULT.get(this) != null) {
            Operators.onNextDropped(next, context);
        } else if (isHere()) {
            RESULT.set(this, next);
        } else {
            result = next;
            if (state == ABANDONED) {
                discard();
            }
        }
    }

    @Override
    public void onError(Throwable failure) {
        Objects.requireNonNull(failure);
        if (state == WAITING) {
            Object before = RESULT.getAndSet(this, new Failure(failure));
            Operators.onDiscard(before, context);
            if (end()) {
                return;
            }
        }
        Operators.onErrorDropped(failure, context);
    }

    @Override
    public void onComplete() {
        end();
    }

    private boolean end() {
        if (isHere()) {
            boolean waiting = state == WAITING;
            if (waiting) {
                STATE.setRelease(this, DONE);
            }
            return waiting;
        }
        if (!STATE.compareAndSet(this, WAITING, DONE)) {
            return false;
        }
        LockSupport.unpark(thread);
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
