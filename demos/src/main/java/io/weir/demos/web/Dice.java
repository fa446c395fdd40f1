package io.weir.demos.web;

import java.util.List;

/**
 * Numbers from a seed (SplitMix64). Our own, so that the same seed gives the same web on every JDK.
 *
 * <p>Each use takes its own stream, so that drawing one number more for a page's text does not change its links.
 */
final class Dice {
    private static final long GOLDEN = 0x9E3779B97F4A7C15L;

    private long state;

    private Dice(long state) {
        this.state = state;
    }

    static Dice of(long seed, String stream, int number) {
        return new Dice(mix(mix(seed ^ stream.hashCode() * GOLDEN) + number * GOLDEN));
    }

    /** From zero up to, but without, the bound. */
    int below(int bound) {
        return (int) ((next() >>> 1) % bound);
    }

    /** From low to high, both included. */
    int between(int low, int high) {
        return low + below(high - low + 1);
    }

    boolean chance(double share) {
        return (next() >>> 11) * 0x1p-53 < share;
    }

    <T> T pick(List<T> list) {
        return list.get(below(list.size()));
    }

    <T> void shuffle(List<T> list) {
        for (int i = list.size() - 1; i > 0; i--) {
            T last = list.get(i);
            int other = below(i + 1);
            list.set(i, list.get(other));
            list.set(other, last);
        }
    }

    private long next() {
        state += GOLDEN;
        return mix(state);
    }

    private static long mix(long z) {
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }
}
