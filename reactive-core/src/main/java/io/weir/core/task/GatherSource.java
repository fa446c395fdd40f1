package io.weir.core.task;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.Fuseable;
import reactor.core.Scannable;
import reactor.core.publisher.Operators;
import reactor.util.context.Context;

/**
 * The subscriber of one source, and the place of its value until that is told. One small object, for there may be a million.
 *
 * <p><b>Starting.</b> While {@code starting} names the thread that subscribes, signals on that thread need no atomic step: the value
 * is that thread's, and it looks at it when subscribing has returned. Once {@code starting} is null, or on another thread, the
 * value is whoever's takes it out first: the source itself, if it finds the gathering abandoned, or who abandoned it.
 *
 * <p><b>Cancel.</b> A source is put where a cancel finds it before it is subscribed, by a plain write. The CAS in
 * {@link #onSubscribe} comes after that write and before the look at the phase: either who abandons sees the source, or the source
 * sees that it is abandoned. A value that is there needs neither: its subscription is not kept, so nobody but this can cancel it,
 * and it is taken from it without the CAS with which it would guard itself.
 */
class GatherSource implements CoreSubscriber<Object>, Scannable {
    private static final VarHandle SUBSCRIPTION;
    private static final VarHandle VALUE;
    private static final VarHandle STARTING;

    static {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            SUBSCRIPTION = lookup.findVarHandle(GatherSource.class, "subscription", Subscription.class);
            VALUE = lookup.findVarHandle(GatherSource.class, "value", Object.class);
            STARTING = lookup.findVarHandle(GatherSource.class, "starting", Thread.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    /** Reactor's subscription of a value that is there. */
    private static final Class<?> SCALAR = Operators.scalarSubscription(Operators.emptySubscriber(), SUBSCRIPTION)
            .getClass();

    private final Gathering<?> gathering;
    private volatile @Nullable Subscription subscription;
    private volatile @Nullable Object value;
    private volatile @Nullable Thread starting;
    private boolean done; // by the source's signals, which are serial

    GatherSource(Gathering<?> gathering, Thread starting) {
        this.gathering = gathering;
        STARTING.set(this, starting);
    }

    /** What it emitted, {@link Gathering.Failed}, or null. */
    final @Nullable Object value() {
        return VALUE.get(this);
    }

    /** The same, for one caller only. */
    final @Nullable Object takeValue() {
        return VALUE.getAndSet(this, null);
    }

    /** For a value that was there without a subscription. */
    final void setValue(@Nullable Object value) {
        VALUE.set(this, value);
    }

    /** Subscribing has returned, and the source goes on. */
    final void started() {
        starting = null;
        if (gathering.isAbandoned()) {
            gathering.discard(takeValue());
        }
    }

    /** Nobody waits for it any more. */
    final void abandon() {
        cancel();
        if (starting == null) {
            gathering.discard(takeValue());
        }
    }

    final void cancel() {
        Subscription before = (Subscription) SUBSCRIPTION.getAndSet(this, Operators.cancelledSubscription());
        try {
            if (before != null) {
                before.cancel(); // does nothing on the cancelled one
            }
        } catch (Throwable t) { // the others are to be cancelled all the same
            Operators.onErrorDropped(t, currentContext());
        }
    }

    @Override
    public void onSubscribe(Subscription subscription) {
        if (subscription.getClass() == SCALAR && isStartedHere() && SUBSCRIPTION.get(this) == null) {
            SUBSCRIPTION.set(this, Operators.cancelledSubscription());
            onNext(Objects.requireNonNull(((Fuseable.QueueSubscription<?>) subscription).poll()));
            onComplete();
        } else if (!SUBSCRIPTION.compareAndSet(this, null, subscription)) {
            subscription.cancel();
            if (this.subscription != Operators.cancelledSubscription()) {
                Operators.reportSubscriptionSet();
            }
        } else if (gathering.isAbandoned()) {
            abandon();
        } else {
            subscription.request(Long.MAX_VALUE);
        }
    }

    @Override
    public void onNext(Object value) {
        if (done || VALUE.get(this) != null) {
            Operators.onNextDropped(value, currentContext());
        } else if (isStartedHere()) {
            VALUE.set(this, value);
        } else {
            this.value = value;
            if (gathering.isAbandoned()) {
                gathering.discard(takeValue());
            }
        }
    }

    @Override
    public void onError(Throwable error) {
        if (done) {
            Operators.onErrorDropped(error, currentContext());
            return;
        }
        done = true;
        SUBSCRIPTION.setOpaque(this, Operators.cancelledSubscription()); // nothing to cancel any more
        gathering.discard(takeValue());
        if (!gathering.failed(error)) {
            value = new Gathering.Failed(error);
            end();
        }
    }

    @Override
    public void onComplete() {
        if (!done) {
            done = true;
            end();
        }
    }

    private void end() {
        if (isStartedHere()) {
            gathering.endedAtOnce = true;
        } else {
            SUBSCRIPTION.setOpaque(this, Operators.cancelledSubscription()); // nor to keep alive
            gathering.ended(this);
        }
    }

    private boolean isStartedHere() {
        return STARTING.get(this) == Thread.currentThread();
    }

    @Override
    public final Context currentContext() {
        return gathering.currentContext();
    }

    @Override
    public @Nullable Object scanUnsafe(Attr key) {
        if (key == Attr.PARENT) {
            return subscription;
        }
        if (key == Attr.ACTUAL) {
            return gathering;
        }
        if (key == Attr.TERMINATED) {
            return done;
        }
        if (key == Attr.CANCELLED) {
            return !done && subscription == Operators.cancelledSubscription();
        }
        return null;
    }
}
