package io.weir.http;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.Scannable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoOperator;
import reactor.core.publisher.Operators;
import reactor.util.context.Context;

/**
 * One {@link Attempt} over Reactor Netty, whose signals it puts in order: ends it as soon as the connection has failed, which the attempt knows first and
 * in better words; hands the result on when the pool has the connection back; takes a cancel to the connection's loop, as Reactor
 * Netty's own would race with the end of the response; closes the connection after any end but a result.
 *
 * <p><b>State.</b> {@code ended}; who sets it, and nobody else, signals the subscriber or cancels the work. <b>Writers.</b> The work's thread, who tells of
 * the connection's failure, and the loop for a cancel. <b>Publication.</b> {@code result} by the loop's queue. <b>Loss.</b> A result that comes after the
 * end goes to the discard hook; an error that does is a consequence of the end. <b>Order.</b> The work is cancelled before the connection is
 * closed: Reactor Netty, told in time, does not log the end as a surprise.
 */
final class Exchange<T> implements CoreSubscriber<T>, Subscription, Scannable {
    @SuppressWarnings("rawtypes") // as an updater needs it
    private static final AtomicReferenceFieldUpdater<Exchange, Subscription> WORK =
            AtomicReferenceFieldUpdater.newUpdater(Exchange.class, Subscription.class, "work");

    private final CoreSubscriber<? super T> subscriber;
    private final Context context;
    private final Attempt attempt;
    private final Failures failures;
    private final AtomicBoolean ended = new AtomicBoolean();
    private volatile @Nullable Subscription work;
    private @Nullable T result;

    private Exchange(CoreSubscriber<? super T> subscriber, Attempt attempt, Failures failures) {
        this.subscriber = subscriber;
        this.context = subscriber.currentContext().put(Attempt.class, attempt);
        this.attempt = attempt;
        this.failures = failures;
    }

    /** @param work has one result or an error */
    static <T> Mono<T> of(Attempt attempt, Failures failures, Mono<T> work) {
        return new MonoOperator<T, T>(work) {
            @Override
            public void subscribe(CoreSubscriber<? super T> subscriber) {
                Exchange<T> exchange = new Exchange<>(subscriber, attempt, failures);
                subscriber.onSubscribe(exchange);
                attempt.whenFailed(exchange::connectionFailed);
                source.subscribe(exchange);
            }
        };
    }

    private boolean end() {
        return ended.compareAndSet(false, true);
    }

    private void fail(Throwable error) {
        attempt.abort();
        subscriber.onError(failures.of(error, attempt));
    }

    private void connectionFailed() {
        if (end()) {
            Operators.terminate(WORK, this);
            fail(attempt.cause());
        }
    }

    // ---- the subscriber's side: demand is one, and the work's is unbounded ----

    @Override
    public void request(long n) {
        Operators.validate(n);
    }

    @Override
    public void cancel() {
        attempt.execute(() -> {
            if (end()) {
                Operators.terminate(WORK, this);
                attempt.abort();
            }
        });
    }

    // ---- the work's side ----

    @Override
    public void onSubscribe(Subscription s) {
        if (Operators.setOnce(WORK, this, s)) {
            s.request(Long.MAX_VALUE);
        }
    }

    /**
     * The pool gets the connection back after the reader was told of the end, on the same stack: who takes the permit next finds a
     * free connection and need not wait for this one.
     */
    @Override
    public void onNext(T value) {
        result = value;
        attempt.later(this::deliver);
    }

    private void deliver() {
        T value = result;
        if (value == null) {
            return;
        }
        if (end()) {
            subscriber.onNext(value);
            subscriber.onComplete();
        } else {
            Operators.onDiscard(value, context);
        }
    }

    @Override
    public void onError(Throwable error) {
        if (end()) {
            fail(error);
        }
    }

    @Override
    public void onComplete() {
        if (result == null && end()) { // else it is on its way
            fail(attempt.cause());
        }
    }

    @Override
    public Context currentContext() {
        return context;
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
