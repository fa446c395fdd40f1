package io.weir.core.debug;

import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The pulse of a {@link Loop}, of which nothing is known but that it runs what it is given, in that order. With each look it is given an
 * empty task, a beat. While a beat waits, or is refused, and none runs, another task does, or others that were given between two
 * looks.
 */
final class Heartbeat extends Watched {
    private static final int MOST_WAITING = 2 * LOOKS;

    private final Loop loop;
    private final AtomicInteger waiting = new AtomicInteger();
    private volatile long beats;
    private volatile @Nullable Thread thread;
    private boolean refused; // the looking thread's

    Heartbeat(Loop loop) {
        this.loop = loop;
    }

    @Override
    long turn() {
        return waiting.get() == 0 && !refused ? -1 : beats;
    }

    @Override
    @Nullable
    Thread thread() {
        return thread;
    }

    @Override
    boolean isExact() {
        return false;
    }

    /** Gives it one more. */
    void send() {
        if (waiting.get() < MOST_WAITING) {
            waiting.incrementAndGet();
            try {
                loop.executor().execute(this::beat);
                refused = false;
            } catch (RuntimeException e) { // full, as a rule: the one that runs is what the others wait for
                waiting.decrementAndGet();
                refused = true;
            }
        }
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // by the executor's one thread
    private void beat() {
        thread = Thread.currentThread();
        beats++;
        waiting.decrementAndGet();
    }
}
