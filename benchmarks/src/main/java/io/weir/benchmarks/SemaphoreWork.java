package io.weir.benchmarks;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * A thousand tasks that hand one permit on. It is taken before they start and given back by the last of them to arrive, so that
 * all the others wait by then: a permit that nobody waits for is another and cheaper thing.
 */
public abstract class SemaphoreWork extends OnThreads {
    static final int TASKS = 1000;
    static final int ROUNDS = 200;

    /** What the permit guards. */
    long inside;

    static final class Arrivals {
        private final AtomicInteger missing = new AtomicInteger(TASKS);

        boolean last() {
            return missing.decrementAndGet() == 0;
        }
    }
}
