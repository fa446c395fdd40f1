package io.weir.core.sync;

import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.Scannable;
import reactor.core.publisher.Operators;
import reactor.core.scheduler.Scheduler;

/**
 * {@link RateLimiter#acquire()}. {@code asking} decides between the token's arrival and a cancel: a token that arrives after the
 * cancel goes back.
 */
final class TokenWait extends Waiter implements Subscription, Scannable {
    private final RateLimiter limiter;
    private final Scheduler clock;
    private final @Nullable Duration maxWait;
    private final CoreSubscriber<? super Void> subscriber;
    private final Asking asking = new Asking();
    private @Nullable Throwable error;

    TokenWait(
            RateLimiter limiter, Scheduler clock, @Nullable Duration maxWait, CoreSubscriber<? super Void> subscriber) {
        super(limiter.turnstile);
        this.limiter = limiter;
        this.clock = clock;
        this.maxWait = maxWait;
        this.subscriber = subscriber;
    }

    void start() {
        if (asking.begin()) {
            limiter.turnstile.run(this);
        }
    }

    @Override
    void take() {
        if (state == State.NEW) {
            limiter.admit(this, clock, maxWait);
        }
    }

    /** Inside: there will be no token. */
    void refuse(Throwable error) {
        this.error = error;
        end(State.FAILED);
    }

    @Override
    void signal() {
        boolean granted = state == State.DELIVERED;
        if (asking.end()) {
            if (granted) {
                subscriber.onComplete();
            } else if (error != null) {
                subscriber.onError(error);
            } else {
                subscriber.onError(new WaitTimeoutException(
                        "a token", Objects.requireNonNull(maxWait), subscriber.currentContext()));
            }
        } else if (granted) {
            limiter.turnstile.run(new Turn() {
                @Override
                void take() {
                    limiter.giveBack(clock);
                }
            });
        }
    }

    @Override
    public void request(long n) {
        Operators.validate(n); // completes without demand
    }

    @Override
    public void cancel() {
        if (asking.cancel()) {
            limiter.turnstile.run(new Turn() {
                @Override
                void take() {
                    if (withdraw()) {
                        limiter.left();
                    }
                }
            });
        }
    }

    @Override
    public @Nullable Object scanUnsafe(Attr key) {
        return asking.scan(key, subscriber, Expiry.named("limiter.acquire", maxWait));
    }
}
