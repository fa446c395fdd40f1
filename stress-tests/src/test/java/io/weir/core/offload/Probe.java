package io.weir.core.offload;

import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** A job that notes what became of it. */
final class Probe extends Job {
    /** It has not ended by running. */
    static final int NOTHING = 0;

    static final int ENDED = 1;
    static final int CANCELLED = 2;
    static final int REFUSED = 3;

    /** It ended twice. */
    static final int BROKEN = 9;

    private final AtomicInteger ends = new AtomicInteger();
    private volatile int code = NOTHING;
    private volatile boolean flagAtStart;

    Probe(Pool pool) {
        super(pool);
    }

    /** Gets it in, and leaves it QUEUED, as if it had come from the queue. */
    static Probe queued(Pool pool) {
        Probe probe = new Probe(pool);
        pool.enter();
        probe.enqueued();
        return probe;
    }

    /** A pool none of whose workers can be woken, so that it never starts a thread. */
    static Pool withoutThreads(int threads, int queueCapacity) {
        Pool pool = new Pool("stress", threads, queueCapacity, Threads.PLATFORM);
        while (pool.idle.size() > 0) {
            pool.idle.pop();
        }
        return pool;
    }

    int code() {
        return ends.get() > 1 ? BROKEN : code;
    }

    boolean sawFlag() {
        return flagAtStart;
    }

    @Override
    void work() {
        flagAtStart = Thread.currentThread().isInterrupted();
    }

    @Override
    void ended(@Nullable Throwable error, boolean cancelled) {
        ends.incrementAndGet();
        code = cancelled ? CANCELLED : ENDED;
    }

    @Override
    void refused(OffloadRejectedException closed) {
        ends.incrementAndGet();
        code = REFUSED;
    }
}
