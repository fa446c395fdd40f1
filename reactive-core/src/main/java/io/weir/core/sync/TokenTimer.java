package io.weir.core.sync;

import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.scheduler.Scheduler;

/**
 * The one timer of a {@link RateLimiter}. It is a waiter only in order to be signalled: a scheduler has locks of its own, so the
 * timer is started and stopped outside the turnstile, like a subscriber. One that is stopped before it was started does not
 * start.
 */
final class TokenTimer extends Waiter implements Runnable {
    private final RateLimiter limiter;
    private final Scheduler clock;
    private final long nanos;
    private final Disposable.Swap running = Disposables.swap();

    TokenTimer(RateLimiter limiter, Scheduler clock, long nanos) {
        super(limiter.turnstile);
        this.limiter = limiter;
        this.clock = clock;
        this.nanos = nanos;
    }

    /** Starts it. */
    @Override
    void signal() {
        try {
            running.update(clock.schedule(this, nanos, TimeUnit.NANOSECONDS));
        } catch (RejectedExecutionException e) {
            limiter.turnstile.run(new Turn() {
                @Override
                void take() {
                    limiter.refused(TokenTimer.this, e);
                }
            });
        }
    }

    /** What to make ready in order to stop it. */
    Waiter stopping() {
        return new Waiter(limiter.turnstile) {
            @Override
            void take() {
                throw new IllegalStateException("it has no turn");
            }

            @Override
            void signal() {
                running.dispose();
            }
        };
    }

    /** The scheduler's side. */
    @Override
    public void run() {
        limiter.turnstile.run(this);
    }

    @Override
    void take() {
        limiter.due(this, clock);
    }
}
