package io.weir.core.sync;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import reactor.core.scheduler.Scheduler;

/**
 * The tokens of a {@link RateLimiter}, counted exactly. Used inside its {@link Turnstile} only.
 *
 * <p>It counts in parts of a token, so many that a nanosecond is worth a whole number of them: a nanosecond is {@code permits}
 * parts and a token {@code period} parts, in nanoseconds. So nothing is ever rounded but the length of a wait, which is rounded up.
 */
final class TokenBucket {
    private final int permits;
    private final Duration period;
    private final int burst;

    /** Parts in a token. */
    private final long token;

    /** Parts in a full bucket. */
    private final long full;

    private long parts;

    // When parts was right, and by which clock; null before the first use, when the bucket is full at any time.
    private @Nullable Scheduler clock;
    private long asOf;

    TokenBucket(int permits, Duration period, int burst) {
        if (permits < 1 || burst < 1) {
            throw new IllegalArgumentException(
                    "permits and burst must be at least 1, and are " + permits + " and " + burst);
        }
        if (period.isZero() || period.isNegative()) {
            throw new IllegalArgumentException("period must be more than zero, and is " + period);
        }
        this.permits = permits;
        this.period = period;
        this.burst = burst;
        try {
            this.token = period.toNanos();
            this.full = Math.multiplyExact(token, burst);
        } catch (ArithmeticException e) {
            throw new IllegalArgumentException("burst " + burst + " times period " + period + " is too long", e);
        }
        this.parts = full;
    }

    /** Further back than threads can disagree on the time: the wall clock has been set. */
    private static final long SET_BACK_NANOS = 1_000_000_000;

    /**
     * Adds what has dropped in since the last time; what finds no room is lost, where {@code bounded}. By another clock than the
     * last one's, which only tests have, there is no telling how long that was: it counts from now.
     */
    void refill(Scheduler clock, boolean bounded) {
        long now = clock.now(TimeUnit.NANOSECONDS);
        if (this.clock != clock) {
            this.clock = clock;
            asOf = now;
        }
        long elapsed = now - asOf; // right also where the clock passes the largest long
        if (elapsed < -SET_BACK_NANOS) {
            asOf = now; // without this, nothing would drop in until the clock is where it was
        } else if (elapsed > 0) {
            asOf = now;
            add(elapsed > Long.MAX_VALUE / permits ? Long.MAX_VALUE : elapsed * permits);
        }
        settle(bounded);
    }

    private void add(long more) {
        parts = parts > Long.MAX_VALUE - more ? Long.MAX_VALUE : parts + more;
    }

    /** Where {@code bounded}, lets overflow what is more than a burst. */
    void settle(boolean bounded) {
        if (bounded && parts > full) {
            parts = full;
        }
    }

    /** Takes a token, if there is a whole one. */
    boolean take() {
        if (parts < token) {
            return false;
        }
        parts -= token;
        return true;
    }

    void giveBack(boolean bounded) {
        add(token);
        settle(bounded);
    }

    /** How many whole tokens there are, as of the last refill. */
    long tokens() {
        return parts / token;
    }

    /** How long from the last refill until there are {@code count} tokens. */
    long nanosUntil(long count) {
        if (count > Long.MAX_VALUE / token) {
            return Long.MAX_VALUE;
        }
        long missing = count * token - parts;
        return missing <= 0 ? 0 : (missing - 1) / permits + 1;
    }

    @Override
    public String toString() {
        return permits + " per " + period + ", burst " + burst;
    }
}
