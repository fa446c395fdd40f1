package io.weir.core.offload;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/**
 * A bounded number of workers and a bounded line before them. Who waits for work, and how, is {@link Search}'s matter; who ends a job is
 * {@link Job}'s; here is who gets in.
 *
 * <p><b>State.</b> {@code admitted}: how many jobs are in, waiting or running, and above them two bits, {@link #CLOSED} and
 * {@link #CLOSED_AT_ONCE}.
 *
 * <p><b>Writers.</b> Who submits raises it by a CAS, unless it is at the limit or closed; who ends a job lowers it; who closes sets the bits.
 *
 * <p><b>Invariant.</b> It is never above {@code threads + queueCapacity}, and after CLOSED it only falls. Of two that want the last place
 * one gets it. At CLOSED and zero the pool has terminated, and that is told once, by whom its CAS made it so.
 *
 * <p><b>Publication.</b> Through the queue.
 *
 * <p><b>Callbacks.</b> None but {@code refused}, of jobs that {@code closeNow} took out of the queue.
 *
 * <p><b>Loss.</b> A job that was let in before the close, and comes to the queue after {@code closeNow} has emptied it, is found by
 * its own submitter, who looks at the bit after that and empties the queue again.
 *
 * <p><b>Proof.</b> {@code LastPlaceRace}, {@code CloseSubmitRace}, {@code CloseNowSubmitRace}, {@code AccountingTest}.
 */
final class Pool {
    private static final long CLOSED = 1L << 62;
    private static final long CLOSED_AT_ONCE = 1L << 61;
    private static final long COUNT = CLOSED_AT_ONCE - 1;
    private static final VarHandle ADMITTED;

    static {
        try {
            ADMITTED = MethodHandles.lookup().findVarHandle(Pool.class, "admitted", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    final String name;
    final Slot[] slots;
    final IdleStack idle;
    final WorkQueue<Work> queue = new WorkQueue<>(this::admitted);
    final LongAdder rejected = new LongAdder();
    final LongAdder cancelledWaiting = new LongAdder();

    /** What waits for its time, and so is in no queue: ended by a close. */
    final Set<TimedTask> timed = ConcurrentHashMap.newKeySet();

    private final int threads;
    private final int queueCapacity;
    private final Threads kind;
    final Search search;
    private final Sinks.Empty<Void> terminated = Sinks.empty();
    private volatile long admitted;

    Pool(String name, int threads, int queueCapacity, Threads kind) {
        if (threads < 1 || queueCapacity < 1 || threads > IdleStack.MAX_SLOTS) {
            throw new IllegalArgumentException("a pool needs at least 1 and at most " + IdleStack.MAX_SLOTS
                    + " threads, and room for 1 call, and has " + threads + " and " + queueCapacity);
        }
        this.name = name;
        this.threads = threads;
        this.queueCapacity = queueCapacity;
        this.kind = kind;
        slots = new Slot[threads];
        idle = new IdleStack(slots);
        for (int i = threads - 1; i >= 0; i--) {
            slots[i] = new Slot(this, i);
            idle.push(slots[i]);
        }
        search = new Search(this);
    }

    /** Gets a job in, or throws; {@code job} must then be given to {@link #enqueue}, or {@link #leave} called for it. */
    void enter() {
        long limit = (long) threads + queueCapacity;
        while (true) {
            long seen = admitted;
            if (seen >= limit) { // the closed bits are above any limit
                rejected.increment();
                throw rejection();
            }
            if (ADMITTED.compareAndSet(this, seen, seen + 1)) {
                return;
            }
        }
    }

    /** A job that was in has ended. */
    void leave() {
        long now = (long) ADMITTED.getAndAdd(this, -1L) - 1;
        if ((now & CLOSED) != 0 && (now & COUNT) == 0) {
            terminate();
        }
    }

    /** Hands {@code work} to the workers. What is in it has entered. */
    void enqueue(Work work) {
        queue.add(work);
        if ((admitted & CLOSED_AT_ONCE) != 0) {
            refuseAll();
        } else {
            search.arrived(work);
        }
    }

    OffloadRejectedException rejection() {
        long seen = admitted;
        long in = seen & COUNT;
        int active = (int) Math.max(active(), in - queueCapacity); // with those whose thread is on its way
        int queued = (int) Math.max(0, in - active);
        return new OffloadRejectedException(name, threads, active, queued, queueCapacity, (seen & CLOSED) != 0);
    }

    /** Lets nobody in any more. What is in the queue still runs, what waits for its time does not. */
    void close() {
        close(CLOSED);
        timed.forEach(TimedTask::stop);
    }

    /** Lets nobody in any more, refuses what waits and interrupts what runs. */
    void closeNow() {
        close(CLOSED | CLOSED_AT_ONCE);
        timed.forEach(TimedTask::dispose);
        refuseAll();
        for (Slot slot : slots) {
            Job job = slot.current();
            if (job != null) {
                job.interruptForClose();
            }
        }
    }

    private void close(long bits) {
        while (true) {
            long seen = admitted;
            if (ADMITTED.compareAndSet(this, seen, seen | bits)) {
                if ((seen & CLOSED) == 0 && (seen & COUNT) == 0) {
                    terminate();
                }
                return;
            }
        }
    }

    private void refuseAll() {
        OffloadRejectedException closed = null;
        for (Work work = queue.poll(); work != null; work = queue.poll()) {
            closed = closed == null ? rejection() : closed;
            work.refuse(closed);
        }
    }

    private void terminate() {
        for (Slot slot : slots) {
            slot.retire();
        }
        terminated.tryEmitEmpty();
    }

    Mono<Void> terminated() {
        return terminated.asMono();
    }

    boolean isClosedAtOnce() {
        return (admitted & CLOSED_AT_ONCE) != 0;
    }

    boolean isClosed() {
        return (admitted & CLOSED) != 0;
    }

    boolean isTerminated() {
        long seen = admitted;
        return (seen & CLOSED) != 0 && (seen & COUNT) == 0;
    }

    // For the workers.

    Thread newThread(Slot slot) {
        return kind.create(name + "-" + (slot.index + 1), slot);
    }

    boolean isVirtual() {
        return kind == Threads.VIRTUAL;
    }

    // For who reads.

    /** How many are in, waiting or running. */
    int admitted() {
        return (int) Math.min(Integer.MAX_VALUE, admitted & COUNT);
    }

    private int active() {
        int active = 0;
        for (Slot slot : slots) {
            active += slot.current() != null ? 1 : 0;
        }
        return active;
    }

    Offload.Statistics statistics() {
        long in = admitted & COUNT;
        int active = 0;
        long done = 0;
        long failed = 0;
        long cancelled = cancelledWaiting.sum();
        long busy = 0;
        for (Slot slot : slots) {
            active += slot.current() != null ? 1 : 0;
            done += slot.done();
            failed += slot.failed();
            cancelled += slot.cancelled();
            busy += slot.busyNanos();
        }
        int queued = (int) Math.max(0, in - active);
        return new Offload.Statistics(
                name,
                threads,
                queueCapacity,
                active,
                queued,
                done,
                failed,
                cancelled,
                rejected.sum(),
                Duration.ofNanos(busy));
    }
}
