package io.weir.core.offload;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * How a pool's workers come to their work without a wakeup for each call.
 *
 * <p>To wake a parked thread costs the submitter some microseconds, and the call some tens. So of the workers that have nothing to do one
 * stays up for a while: the searcher. While there is one, who submits only adds to the queue. The others park.
 *
 * <pre>
 *            a submitter wakes a worker, or a worker has run out of work
 *   NONE ──────────────────────────────────────────────────────────────► AWAKE: spins, some microseconds, looking at the queue
 *    ▲ ▲      it took something, or the pool is at rest: it parks          │  ▲ ▲
 *    │ └──────────────────────────────────────────────────────────────────┘  │ │ another worker has run out of work and takes over
 *    │                                                                       │ │
 *    │                     nothing for it, but the others make progress      ▼ │
 *    │                                                                    GUARDING: parked for a tick, then looks
 *    │                                                                       │
 *    └── by way of AWAKE ◄──────────────────────────────────────────────── CALLED: a submitter has ended the tick
 * </pre>
 *
 * <p>The guard is there for a worker that submits and goes on: it will most likely take what it submitted itself, in a moment, and to wake
 * another for that would be waste; but it may as well go on for an hour, or wait for the very call it submitted. The guard looks after
 * a tick whether the head of the queue still is the same. The same rule holds back workers beyond the number of cores, and beyond the first if calls are very short: a further one
 * joins only if nobody took the head for a while, which is when the others block and not when they are quick. Where calls take some time,
 * on average, all are welcome: several that wait a little each always take the head in time, and yet most of the queue would only wait for them.
 *
 * <p><b>State.</b> {@code role}: one of the four, and whose it is. {@code spinNanos} and {@code patienceNanos} adapt: a spin that found
 * nothing makes the next one shorter. A pool at rest has no searcher, and costs nothing.
 *
 * <p><b>Writers.</b> Anybody, by a CAS, from NONE to AWAKE (and then wakes a worker, or is one), and from GUARDING to CALLED (and then unparks the
 * guard). A worker takes over from GUARDING. From AWAKE and CALLED only the holder goes on.
 *
 * <p><b>Invariant.</b> While there is work in the queue, some worker is AWAKE or will look within a tick, or none is idle, or a thread is between its
 * change of the queue, the role or the idle stack and its look at the other two.
 *
 * <p><b>Loss</b> of a wakeup. Who submits adds, then reads the role, then the idle stack. A worker gives the role up, then joins
 * the idle stack, then looks at the queue, and wakes one if there is work and no searcher. All are volatile, so one sees the other:
 * a submitter that reads AWAKE did so before it was given up, and its work is there for the last look; one that reads NONE and finds
 * nobody idle did so before the worker joined, likewise. Who has taken NONE and finds nobody to wake gives it back, and looks again
 * at the stack, for a worker that joined meanwhile saw a searcher. A worker whose role was taken over has nothing to give up.
 *
 * <p><b>Publication.</b> The two adapting numbers are the holder's; the role's changes carry them on. <b>Callbacks.</b> None.
 *
 * <p><b>Proof.</b> {@code SubmitParkRace}, {@code TwoParkSubmitRace}, {@code SubmitGuardRace}, {@code GuardTakeOverRace}, {@code AccountingTest}.
 */
final class Search {
    /** The pool whose worker the current thread is. */
    static final ThreadLocal<Pool> OWNER = new ThreadLocal<>();

    private static final int CORES = Runtime.getRuntime().availableProcessors();

    private static final int NONE = 0;
    private static final int AWAKE = 1;
    private static final int GUARDING = 2;
    private static final int CALLED = 3;
    private static final int KIND_BITS = 2;

    private static final long LEAST_SPIN_NANOS = CORES == 1 ? 0 : 1_000;
    private static final long MOST_SPIN_NANOS = CORES == 1 ? 0 : 30_000;
    private static final long FIRST_TICK_NANOS = 50_000;
    private static final long LAST_TICK_NANOS = 400_000;
    private static final int PAUSES = 8;

    /** So many looks in a row at a queue that is not empty mean that there is more in it than what one worker gives itself. */
    private static final int LOOKS = 3;

    /**
     * Calls so short, on average, that two workers get in each other's way more than they help; and so long, done by one worker, that
     * two do help. In nanoseconds; the first is with the others in the way.
     */
    private static final long SHORT_NANOS = 1_100;

    private static final long LONG_NANOS = 450;

    /** Calls so long, on average, that to wake a worker for each is cheap beside them, and that are likely to wait for something. */
    private static final long WAITING_NANOS = 20_000;

    private final Pool pool;
    private final AtomicInteger role = new AtomicInteger(NONE);

    // The searcher's.
    private long spinNanos = MOST_SPIN_NANOS;
    private long patienceNanos = FIRST_TICK_NANOS;

    /** How many workers may join without waiting for the others to get stuck: one, as many as there are cores, or all. A guess that may be wrong. */
    private volatile int useful = CORES;

    /** How many slots, from the first on, have ever had a thread. Written by who holds the role. */
    private volatile int used;

    Search(Pool pool) {
        this.pool = pool;
    }

    /** Work has been added: sees to it that somebody looks. */
    void arrived(Work work) {
        int seen = role.get();
        int kind = kind(seen);
        if (kind == NONE) {
            wakeOne();
        } else if (kind == GUARDING && !isCrowded() && isUrgent(work)) {
            if (role.compareAndSet(seen, seen - GUARDING + CALLED)) {
                pool.slots[seen >>> KIND_BITS].unpark();
            }
        }
    }

    /** True unless it comes from a worker, which will take it in a moment unless it has left something already. */
    private boolean isUrgent(Work work) {
        return OWNER.get() != pool || pool.queue.peek() != work;
    }

    /** A worker has become idle. */
    void lookAgain() {
        if (role.get() == NONE && !pool.queue.isEmpty()) {
            wakeOne();
        }
    }

    private void wakeOne() {
        while (pool.idle.size() > 0 && !pool.queue.isEmpty()) {
            if (!role.compareAndSet(NONE, AWAKE)) {
                return; // whoever took it looks at the queue after this
            }
            Slot slot = pool.idle.pop();
            if (slot != null) {
                wake(slot);
                return;
            }
            role.set(NONE);
        }
    }

    private void wake(Slot slot) {
        used = Math.max(used, slot.index + 1);
        try {
            slot.wake();
        } catch (Throwable noThread) {
            pool.idle.push(slot);
            role.set(NONE);
            throw noThread;
        }
    }

    /** Makes the caller, a worker, the searcher if there is none or only a guard. */
    boolean take() {
        int seen = role.get();
        int kind = kind(seen);
        return (kind == NONE || kind == GUARDING) && role.compareAndSet(seen, AWAKE);
    }

    /** A worker has run out of work: the next thing to do, or null if it is to park. */
    @Nullable
    Work searchOn(Slot slot) {
        return take() ? search(slot) : pool.queue.poll();
    }

    /** Of the searcher: the next thing to do, or null if it is to park. It is the searcher no more. */
    @Nullable
    Work search(Slot slot) {
        long progress = progress();
        long tick = FIRST_TICK_NANOS;
        long start = System.nanoTime();
        boolean spinning = true;
        Work head = null;
        int looks = 0;
        while (true) {
            Work first = pool.queue.peek();
            if (first != null) {
                if (first == head || isAlone() || (looks == LOOKS && !isCrowded())) {
                    Work work = pool.queue.poll();
                    if (work != null) {
                        spinNanos = spinning ? Math.min(MOST_SPIN_NANOS, 2 * spinNanos) : spinNanos;
                        if (progress() == progress) { // those who are up block, or have long calls
                            patienceNanos /= 2;
                            useful = Math.max(useful, CORES);
                        }
                        found();
                        return work;
                    }
                    looks = 0;
                } else if (!isCrowded()) {
                    head = first; // whoever is awake may be about to take it
                    looks++;
                    pause();
                } else {
                    if (head != null) {
                        patienceNanos = Math.min(LAST_TICK_NANOS, Math.max(1000, 2 * patienceNanos));
                    }
                    head = first;
                    progress = progress();
                    if (!guard(slot, patienceNanos, false)) {
                        return null;
                    }
                }
                continue;
            }
            looks = 0;
            head = null;
            if (spinning && !isCrowded() && System.nanoTime() - start < spinNanos) {
                pause();
                continue;
            }
            if (spinning) {
                spinning = false;
                spinNanos = Math.max(LEAST_SPIN_NANOS, spinNanos / 2);
            }
            long now = progress();
            if (now == progress) {
                rest();
                return null;
            }
            progress = now;
            if (!guard(slot, tick, true)) {
                return null;
            }
            tick = Math.min(LAST_TICK_NANOS, 2 * tick);
        }
    }

    /** Of the searcher: it is that no more; and must now join the idle stack and look again, or go to work and do likewise. */
    void rest() {
        role.set(NONE);
    }

    /** The searcher goes to work; if there is more, another takes its place. */
    private void found() {
        rest();
        if (!pool.queue.isEmpty()) {
            try {
                wakeOne();
            } catch (Throwable noThread) {
                // this one is awake, and will come to it
            }
        }
    }

    /** Waits a tick, or until called, or not at all if the queue was empty and is no more; false if another worker has taken over. */
    boolean guard(Slot slot, long nanos, boolean wasEmpty) {
        int guarding = slot.index << KIND_BITS | GUARDING;
        role.set(guarding);
        if (nanos > 0 && (!wasEmpty || pool.queue.isEmpty())) {
            LockSupport.parkNanos(this, nanos);
            Thread.interrupted();
        }
        if (role.compareAndSet(guarding, AWAKE)) {
            return true;
        }
        return role.compareAndSet(slot.index << KIND_BITS | CALLED, AWAKE);
    }

    @SuppressWarnings("ThreadPriorityCheck") // right without the yield, too
    private void pause() {
        if (pool.isVirtual()) {
            Thread.yield(); // the carrier may have others to run
            return;
        }
        for (int i = 0; i < PAUSES; i++) {
            Thread.onSpinWait();
        }
    }

    private int awake() {
        return pool.slots.length - pool.idle.size();
    }

    private boolean isAlone() {
        return awake() <= 1;
    }

    /** As seen by the searcher: as many workers as are useful are at work. */
    private boolean isCrowded() {
        return awake() > useful;
    }

    /** A worker has done many calls in a row, that took so long on average. True if it is one too many for calls so short. */
    boolean isOneTooMany(long nanosEach) {
        if (nanosEach >= WAITING_NANOS) {
            useful = pool.slots.length;
            return false;
        }
        int working = awake() - (role.get() == NONE ? 0 : 1);
        if (nanosEach >= SHORT_NANOS || (working == 1 && nanosEach >= LONG_NANOS)) {
            useful = CORES;
            return false;
        }
        useful = 1;
        return working > 1;
    }

    /** True if somebody is awake to look, or will be in a moment. */
    boolean hasSearcher() {
        return kind(role.get()) != NONE;
    }

    /** Changes whenever a worker starts something. */
    private long progress() {
        long started = 0;
        for (int i = 0, n = used; i < n; i++) {
            started += pool.slots[i].starts();
        }
        return started;
    }

    private static int kind(int role) {
        return role & CALLED;
    }
}
