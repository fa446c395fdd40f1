package io.weir.core.debug;

import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * An executor of one thread, of which nothing is known but that it runs what it is given, in that order. With each look it is given an
 * empty task, a beat. While a beat waits and none runs, another task does, or others that were given between two looks.
 */
final class Heartbeat extends Watched {
    private static final int MOST_WAITING = 2 * LOOKS;

    private final String name;
    private final Executor executor;
    private final AtomicInteger waiting = new AtomicInteger();
    private volatile long beats;
    private volatile @Nullable Thread thread;
    private volatile boolean closed;

    Heartbeat(String name, Executor executor) {
        this.name = name;
        this.executor = executor;
    }

    @Override
    long turn() {
        return waiting.get() == 0 ? -1 : beats;
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
                executor.execute(this::beat);
            } catch (RuntimeException e) { // rejected, as a rule
                closed = true;
            }
        }
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // by the executor's one thread
    private void beat() {
        thread = Thread.currentThread();
        beats++;
        waiting.decrementAndGet();
    }

    boolean isClosed() {
        return closed;
    }

    @Override
    public String toString() {
        return name;
    }
}
