package io.weir.core.sync;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.scheduler.Schedulers;

/**
 * Ends a wait after a time, inside the turnstile: if it is still WAITING then, it becomes FAILED; if it has ended, nothing
 * happens. So no time-out can take what was already given.
 */
final class Expiry extends Turn implements Runnable {
    private final Turnstile turnstile;
    private final Waiter waiter;
    private final Disposable.Swap timer = Disposables.swap();

    Expiry(Turnstile turnstile, Waiter waiter) {
        this.turnstile = turnstile;
        this.waiter = waiter;
    }

    /** An expiry for {@code waiter}, or null where the wait has no bound. */
    static @Nullable Expiry of(@Nullable Duration maxWait, Turnstile turnstile, Waiter waiter) {
        return maxWait == null ? null : new Expiry(turnstile, waiter);
    }

    /** Whether {@code maxWait} allows no wait at all. */
    static boolean atOnce(@Nullable Duration maxWait) {
        return maxWait != null && (maxWait.isZero() || maxWait.isNegative());
    }

    /** Starts the clock, the first time it is called. Outside. */
    void start(Duration maxWait) {
        if (timer.get() != null) {
            return;
        }
        timer.update(Schedulers.parallel().schedule(this, nanos(maxWait), TimeUnit.NANOSECONDS));
    }

    /** Stops the clock, also one that is only about to start. */
    void stop() {
        timer.dispose();
    }

    /** The timer's side. */
    @Override
    public void run() {
        turnstile.run(this);
    }

    @Override
    void take() {
        if (waiter.state == Waiter.State.WAITING) {
            waiter.end(Waiter.State.FAILED);
        }
    }

    /** A wait's name, with its bound if it has one. */
    static String named(String name, @Nullable Duration maxWait) {
        return maxWait == null ? name : name + " (at most " + TimeUnit.NANOSECONDS.toMillis(nanos(maxWait)) + " ms)";
    }

    /** Saturates at 292 years. */
    static long nanos(Duration duration) {
        return TimeUnit.NANOSECONDS.convert(duration);
    }
}
