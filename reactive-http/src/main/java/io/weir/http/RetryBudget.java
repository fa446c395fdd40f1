package io.weir.http;

import java.util.concurrent.atomic.AtomicLong;

/**
 * How much may be sent again to one host: a bucket of tokens, counted in hundredths. A request puts in {@code percent} of one, a repetition or a
 * hedge takes a whole one, and it starts with the reserve, so repetitions ≤ requests · percent / 100 + reserve. It holds no more than
 * the reserve and {@value #SAVED} besides: a good hour does not pay for a bad minute.
 */
final class RetryBudget {
    private static final int SAVED = 100;
    private static final int TOKEN = 100;

    private final int percent;
    private final long most;
    private final AtomicLong hundredths;

    RetryBudget(int percent, int reserve) {
        this.percent = percent;
        this.most = (long) TOKEN * (reserve + SAVED);
        this.hundredths = new AtomicLong((long) TOKEN * reserve);
    }

    void requested() {
        if (hundredths.get() < most) {
            hundredths.addAndGet(percent);
        }
    }

    boolean take() {
        long before;
        do {
            before = hundredths.get();
            if (before < TOKEN) {
                return false;
            }
        } while (!hundredths.compareAndSet(before, before - TOKEN));
        return true;
    }
}
