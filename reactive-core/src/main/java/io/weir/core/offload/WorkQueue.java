package io.weir.core.offload;

import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Work in the order it came. Calls are submitted from event loops, so there is no lock that a submitter could park on.
 *
 * <p>A cancelled job is not looked for, which would take the longer the more jobs wait: it stays as a husk until a worker comes to
 * it, or until there are as many husks as jobs, and then one pass takes them all out. So a cancel costs the same however
 * long the queue is, and what a queue holds is never more than twice its bound.
 */
final class WorkQueue<W extends Work> {
    private static final int FEW = 64;

    private final ConcurrentLinkedQueue<W> line = new ConcurrentLinkedQueue<>();
    private final AtomicInteger husks = new AtomicInteger();
    private final IntSupplier waiting;

    /** {@code waiting} says how many jobs that are no husks may be in it, at most. */
    WorkQueue(IntSupplier waiting) {
        this.waiting = waiting;
    }

    void add(W work) {
        line.add(work);
    }

    @Nullable
    W poll() {
        return line.poll();
    }

    @Nullable
    W peek() {
        return line.peek();
    }

    boolean isEmpty() {
        return line.isEmpty();
    }

    /** How many are in it, husks included: a walk along the line. */
    int length() {
        return line.size();
    }

    Iterable<W> entries() {
        return line;
    }

    /** One of those in it has just become a husk, or will be one when it arrives. */
    void addHusk() {
        int seen = husks.incrementAndGet();
        if (seen >= FEW && seen >= waiting.getAsInt() && husks.compareAndSet(seen, 0)) {
            line.removeIf(Work::isObsolete);
        }
    }
}
