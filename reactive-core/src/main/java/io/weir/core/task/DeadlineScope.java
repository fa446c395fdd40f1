package io.weir.core.task;

import io.weir.core.debug.Assembly;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import java.util.concurrent.atomic.AtomicLongFieldUpdater;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CorePublisher;
import reactor.core.CoreSubscriber;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.Scannable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.FluxOperator;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoOperator;
import reactor.core.publisher.Operators;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import reactor.util.context.Context;

/**
 * One subscription of {@link Deadline#within}.
 *
 * <p>Reactor's {@code takeUntilOther} would do, but leaves its source running when the other one fails.
 *
 * <p><b>State.</b> One word: how deep the subscriber is being called, above two flags. ENDED: the source has ended, or the
 * subscriber has cancelled. EXPIRED: the time was over before that. <b>Writers.</b> The source's thread enters and leaves, and sets
 * ENDED; the timer sets EXPIRED; a cancel sets ENDED. Only the first flag is set. <b>Invariant.</b> After EXPIRED, nothing but the
 * error is told: by the timer where nobody is inside, else by the last to leave. <b>Loss.</b> An element that comes after a
 * flag is discarded.
 *
 * <p>The subscriber has its Subscription before the source is subscribed, as a source may be late with its own. What is requested
 * meanwhile is counted in {@code missed}; both the one who asks and the one who brings the source take it from there. A Mono has ended
 * with its value.
 *
 * <p><b>Proof.</b> {@code DeadlineTest}, {@code DeadlineEdgeTest}, {@code DeadlineExpiryCompleteRace}, {@code DeadlineExpiryNextRace},
 * {@code DeadlineExpiryFailRace}, {@code DeadlineExpiryCancelRace}, {@code DeadlineLateSourceRace}.
 */
final class DeadlineScope<T> implements CoreSubscriber<T>, Subscription, Scannable, Runnable {
    private static final int ENDED = 1;
    private static final int EXPIRED = 2;
    private static final int FLAGS = ENDED | EXPIRED;
    private static final int INSIDE = 4;

    private static final AtomicIntegerFieldUpdater<DeadlineScope> STATE =
            AtomicIntegerFieldUpdater.newUpdater(DeadlineScope.class, "state");

    private static final AtomicReferenceFieldUpdater<DeadlineScope, Subscription> UPSTREAM =
            AtomicReferenceFieldUpdater.newUpdater(DeadlineScope.class, Subscription.class, "upstream");

    private static final AtomicLongFieldUpdater<DeadlineScope> MISSED =
            AtomicLongFieldUpdater.newUpdater(DeadlineScope.class, "missed");

    private final CoreSubscriber<? super T> subscriber;
    private final boolean single;
    private final Deadline deadline;
    private final Scheduler scheduler = Schedulers.parallel();
    private final Context context;
    private final Disposable.Swap timer = Disposables.swap();
    private volatile @Nullable Subscription upstream;

    /** What was requested before there was an upstream. */
    private volatile long missed;

    private volatile @Nullable Throwable expiry;
    private volatile int state;

    private DeadlineScope(Duration budget, CoreSubscriber<? super T> subscriber, boolean single) {
        this.subscriber = subscriber;
        this.single = single;
        this.deadline = Deadline.after(budget, subscriber.currentContext(), scheduler);
        this.context = subscriber.currentContext().put(Deadline.class, deadline);
    }

    static <T> Mono<T> of(Duration budget, Mono<T> source) {
        return Assembly.of(new MonoOperator<T, T>(source) {
            @Override
            public void subscribe(CoreSubscriber<? super T> subscriber) {
                new DeadlineScope<>(budget, subscriber, true).start(source);
            }
        });
    }

    static <T> Flux<T> of(Duration budget, Flux<T> source) {
        return Assembly.of(new FluxOperator<T, T>(source) {
            @Override
            public void subscribe(CoreSubscriber<? super T> subscriber) {
                new DeadlineScope<>(budget, subscriber, false).start(source);
            }
        });
    }

    private void start(CorePublisher<? extends T> source) {
        long left = deadline.remainingNanos();
        if (left == 0) {
            Operators.error(subscriber, deadline.exceeded(null));
            return;
        }
        enter(); // the timer may fire while the subscriber is still in onSubscribe
        timer.update(scheduler.schedule(this, left, TimeUnit.NANOSECONDS));
        subscriber.onSubscribe(this);
        leave();
        if ((state & FLAGS) != 0) {
            return;
        }
        try {
            source.subscribe(this);
        } catch (Throwable t) { // the subscriber has its Subscription already
            onError(t);
        }
    }

    @Override
    public void onSubscribe(Subscription subscription) {
        if (UPSTREAM.compareAndSet(this, null, subscription)) {
            requestMissed(subscription);
        } else {
            subscription.cancel();
        }
    }

    @Override
    public void onNext(T element) {
        if (single && set(ENDED)) { // a Mono's value is its end: no error may come after it
            timer.dispose();
            subscriber.onNext(element);
            subscriber.onComplete();
        } else if (!single && enter()) {
            subscriber.onNext(element);
            leave();
        } else {
            Operators.onDiscard(element, context);
        }
    }

    @Override
    public void onError(Throwable error) {
        if (set(ENDED)) {
            timer.dispose();
            subscriber.onError(error);
        } else {
            Operators.onErrorDropped(error, context);
        }
    }

    @Override
    public void onComplete() {
        if (set(ENDED)) {
            timer.dispose();
            subscriber.onComplete();
        }
    }

    /** The time is over. */
    @Override
    public void run() {
        Throwable error = deadline.exceeded(upstream); // before the cancel, while one can see what is waited on
        expiry = error;
        if (!set(EXPIRED)) {
            return;
        }
        Subscription source = UPSTREAM.getAndSet(this, Operators.cancelledSubscription());
        if (source != null) {
            try {
                source.cancel();
            } catch (Throwable t) { // the subscriber is waiting for the error
                Failures.add(error, t);
            }
        }
        if (state == EXPIRED && STATE.compareAndSet(this, EXPIRED, FLAGS)) {
            subscriber.onError(error);
        }
    }

    @Override
    public void request(long n) {
        Subscription source = upstream;
        if (source != null) {
            source.request(n);
        } else if (Operators.validate(n)) {
            Operators.addCap(MISSED, this, n);
            source = upstream;
            if (source != null) {
                requestMissed(source);
            }
        }
    }

    private void requestMissed(Subscription source) {
        long requests = MISSED.getAndSet(this, 0);
        if (requests != 0) {
            source.request(requests);
        }
    }

    @Override
    public void cancel() {
        if (set(ENDED)) {
            timer.dispose();
            Subscription source = UPSTREAM.getAndSet(this, Operators.cancelledSubscription());
            if (source != null) {
                source.cancel();
            }
        }
    }

    /** False if there is nothing more to tell. */
    private boolean enter() {
        int before;
        do {
            before = state;
            if ((before & FLAGS) != 0) {
                return false;
            }
        } while (!STATE.compareAndSet(this, before, before + INSIDE));
        return true;
    }

    private void leave() {
        if (STATE.addAndGet(this, -INSIDE) == EXPIRED && STATE.compareAndSet(this, EXPIRED, FLAGS)) {
            Throwable error = expiry;
            if (error != null) {
                subscriber.onError(error);
            }
        }
    }

    /** True for the one that set the first flag. */
    private boolean set(int flag) {
        int before;
        do {
            before = state;
            if ((before & FLAGS) != 0) {
                return false;
            }
        } while (!STATE.compareAndSet(this, before, before | flag));
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
        if (key == Attr.ACTUAL) {
            return subscriber;
        }
        if (key == Attr.TERMINATED) {
            return (state & ENDED) != 0;
        }
        return key == Attr.NAME ? "deadline" : null;
    }
}
