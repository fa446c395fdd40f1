package io.weir.http;

import java.util.Arrays;

/**
 * How long a host's recent responses took, from their permits to their end: a ring of the last {@value #SIZE}. The percentile is
 * computed anew after every {@value #STALE} responses, so it costs a sort of a few hundred bytes now and then. Guarded by {@code this}.
 */
final class Latencies {
    static final int SIZE = 128;
    static final int ENOUGH = 20;
    private static final int STALE = 16;

    private final long[] nanos = new long[SIZE];
    private long count;
    private long computedAt = -STALE;
    private int computedFor;
    private long computed;

    synchronized void add(long took) {
        nanos[(int) (count++ % SIZE)] = took;
    }

    /** Negative where there are too few. */
    synchronized long percentile(int percent) {
        if (count < ENOUGH) {
            return -1;
        }
        if (count - computedAt >= STALE || computedFor != percent) {
            long[] sorted = Arrays.copyOf(nanos, (int) Math.min(count, SIZE));
            Arrays.sort(sorted);
            computed = sorted[Math.min(sorted.length - 1, sorted.length * percent / 100)];
            computedAt = count;
            computedFor = percent;
        }
        return computed;
    }
}
