package io.weir.http;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.Scannable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoOperator;
import reactor.core.publisher.Operators;
import reactor.util.context.Context;

/**
 * Ends an {@link Attempt} that takes too long: a phase of it, or the whole call.
 *
 * <p><b>State.</b> {@code ended}; who sets it, and nobody else, signals the subscriber or cancels the work. <b>Writers.</b> The work's
 * thread, the timer's, and the subscriber's cancel. <b>Loss.</b> A result that comes after the end goes to the discard hook; an error
 * that comes after it is a consequence of the end and is dropped silently. <b>Order.</b> The work is cancelled before the error is
 * signalled, so its permits are back when anybody hears of it.
 *
 * <p>There is one timer for all phases. Phases change much more often than limits run out, so a change only writes a time,
 * and the timer, set to the shortest limit, looks whether it should have fired and sets itself again. A phase that starts
 * between two looks ends no earlier than the second, so no limit is overrun.
 */
final class Timed<T> implements CoreSubscriber<T>, Subscription, Scannable {
    @SuppressWarnings("rawtypes") // as an updater needs it
    private static final AtomicReferenceFieldUpdater<Timed, Subscription> WORK =
            AtomicReferenceFieldUpdater.newUpdater(Timed.class, Subscription.class, "work");

    private final CoreSubscriber<? super T> subscriber;
    private final Call<?> call;
    private final Attempt attempt;
    private final @Nullable HostWatch watch;
    private final AtomicBoolean ended = new AtomicBoolean();
    private final Disposable.Swap timer = Disposables.swap();
    private volatile @Nullable Subscription work;

    private Timed(CoreSubscriber<? super T> subscriber, Call<?> call, Attempt attempt, @Nullable HostWatch watch) {
        this.subscriber = subscriber;
        this.call = call;
        this.attempt = attempt;
        this.watch = watch;
    }

    /** @param watch hears of the time-out before the work is cancelled, and its permits go to the next one */
    static <T> Mono<T> of(Call<?> call, Attempt attempt, @Nullable HostWatch watch, Mono<T> work) {
        return new MonoOperator<T, T>(work) {
            @Override
            public void subscribe(CoreSubscriber<? super T> subscriber) {
                Timed<T> timed = new Timed<>(subscriber, call, attempt, watch);
                subscriber.onSubscribe(timed);
                timed.look();
                if (!timed.ended.get()) {
                    source.subscribe(timed);
                }
            }
        };
    }

    private boolean end() {
        if (!ended.compareAndSet(false, true)) {
            return false;
        }
        timer.dispose();
        return true;
    }

    // ---- the timer ----

    private void look() {
        FetchPhase phase = attempt.phase();
        Duration limit = call.limits().of(phase);
        boolean unlimited = phase == FetchPhase.SEND || attempt.paused();
        long left = unlimited ? Long.MAX_VALUE : Limits.nanos(limit) - (call.now() - attempt.since());
        long totalLeft = call.nanosToEnd();
        if (totalLeft <= 0) {
            fail(call.late(phase));
        } else if (left <= 0) {
            fail(new FetchTimeoutException(limit, Limits.setting(phase), attempt.failure(phase), null));
        } else if (!ended.get()) {
            long next = Math.min(Math.min(left, totalLeft), call.shortestLimit());
            timer.update(call.scheduler().schedule(this::look, next, TimeUnit.NANOSECONDS));
        }
    }

    private void fail(FetchException error) {
        if (end()) {
            if (watch != null) {
                watch.ended(error);
            }
            Operators.terminate(WORK, this);
            subscriber.onError(error);
        }
    }

    // ---- the subscriber's side: demand is one, and the work's is unbounded ----

    @Override
    public void request(long n) {
        Operators.validate(n);
    }

    @Override
    public void cancel() {
        if (end()) {
            Operators.terminate(WORK, this);
        }
    }

    // ---- the work's side ----

    @Override
    public void onSubscribe(Subscription s) {
        if (Operators.setOnce(WORK, this, s)) {
            s.request(Long.MAX_VALUE);
        }
    }

    @Override
    public void onNext(T result) {
        if (end()) {
            subscriber.onNext(result);
            subscriber.onComplete();
        } else {
            Operators.onDiscard(result, currentContext());
        }
    }

    @Override
    public void onError(Throwable error) {
        if (end()) {
            subscriber.onError(error);
        }
    }

    @Override
    public void onComplete() {
        if (end()) {
            subscriber.onComplete();
        }
    }

    @Override
    public Context currentContext() {
        return subscriber.currentContext();
    }

    @Override
    @SuppressWarnings("rawtypes") // as Reactor declares it
    public @Nullable Object scanUnsafe(Attr key) {
        if (key == Attr.PARENT) {
            return work;
        }
        if (key == Attr.ACTUAL) {
            return subscriber;
        }
        if (key == Attr.TERMINATED) {
            return ended.get() && work != Operators.cancelledSubscription();
        }
        if (key == Attr.CANCELLED) {
            return work == Operators.cancelledSubscription();
        }
        if (key == Attr.RUN_STYLE) {
            return Attr.RunStyle.ASYNC;
        }
        return null;
    }
}
