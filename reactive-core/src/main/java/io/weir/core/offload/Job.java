package io.weir.core.offload;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/**
 * One thing to run, once or, if periodic, again and again; and the one place where it is decided how it ended.
 *
 * <pre>
 * NEW ──► QUEUED ──► RUNNING ──► DONE
 *  │        │  ▲        │ └────► QUEUED      periodic, until the next time
 *  │        │  └────────┘
 *  │        │           └──────► CANCELLED   cancelled while it ran
 *  ├────────┴──────────────────► CANCELLED   never runs
 *  └────────┴──────────────────► DONE        refused: the pool was full, or closed at once
 * </pre>
 *
 * <p><b>State.</b> One word: a phase; and while RUNNING three bits beside it, {@link #CANCEL} and one for each thread that may
 * be about to interrupt the worker, the canceller's and the closer's.
 *
 * <p><b>Writers.</b> Who submits moves NEW to QUEUED, after the pool has given it a place. The worker moves QUEUED to RUNNING and RUNNING on.
 * A canceller ends NEW and QUEUED, or sets its bits while RUNNING. {@code Pool.closeNow} ends QUEUED, or sets its bit.
 *
 * <p><b>Invariant.</b> QUEUED and RUNNING hold one place in the pool, no other phase does, and whoever leaves those two gives it
 * back. The worker does not leave RUNNING while an interrupter's bit is set. So an interrupt lands inside its own call or not at all, and
 * the flag it leaves is cleared before anything else runs on that thread.
 *
 * <p><b>Publication.</b> The worker writes {@code thread} before its CAS to RUNNING; who interrupts reads it after a CAS that saw RUNNING.
 *
 * <p><b>Callbacks.</b> {@link #work} while RUNNING; {@link #ended} after the place is given back and the flag is clear.
 *
 * <p><b>Loss.</b> A CAS that fails looks again. Of a cancel and an end one CAS wins: CANCEL set before the worker's last CAS makes it fail.
 *
 * <p><b>Proof.</b> {@code CancelStartRace}, {@code CancelCompleteRace}, {@code CloseNowRunRace}, {@code CloseNowCancelRace}, {@code AccountingTest}.
 */
abstract class Job implements Work {
    private static final int NEW = 0;
    private static final int QUEUED = 1;
    private static final int RUNNING = 2;
    private static final int DONE = 3;
    private static final int CANCELLED = 4;
    private static final int PHASE_BITS = 7;
    private static final int CANCEL = 8;
    private static final int CANCELLER_INTERRUPTS = 16;
    private static final int CLOSER_INTERRUPTS = 32;
    private static final int INTERRUPTERS = CANCELLER_INTERRUPTS | CLOSER_INTERRUPTS;

    private static final VarHandle STATE;

    static {
        try {
            STATE = MethodHandles.lookup().findVarHandle(Job.class, "state", int.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    final Pool pool;
    private volatile int state;
    private @Nullable Thread thread;

    Job(Pool pool) {
        this.pool = pool;
    }

    /** What it is for. On the worker. */
    abstract void work() throws Throwable;

    /** It ran, and how that ended; cancelled, whatever came of it is nobody's. On the worker. */
    abstract void ended(@Nullable Throwable error, boolean cancelled);

    /** It waits, and is not going to run, because the pool was closed at once. On the closer's thread. */
    abstract void refused(OffloadRejectedException closed);

    /** It was cancelled while it waited. On the canceller's thread. */
    void dropped() {
        pool.queue.addHusk();
    }

    /** True if it is to wait for its next time; asked when a run has ended. */
    boolean isPeriodic() {
        return false;
    }

    final boolean isNew() {
        return state == NEW;
    }

    final boolean isDone() {
        return state == DONE;
    }

    final boolean isCancelled() {
        int seen = state;
        return seen == CANCELLED || (seen & CANCEL) != 0;
    }

    @Override
    public final boolean isObsolete() {
        return state >= DONE && state <= CANCELLED;
    }

    /** NEW to QUEUED, with a place that the caller has got for it; false if it was cancelled before. */
    final boolean enqueued() {
        return STATE.compareAndSet(this, NEW, QUEUED);
    }

    /** NEW to DONE, without a place. */
    final boolean refusedAtOnce() {
        return STATE.compareAndSet(this, NEW, DONE);
    }

    /** QUEUED to DONE; its place is free. */
    final boolean withdraw() {
        if (!STATE.compareAndSet(this, QUEUED, DONE)) {
            return false;
        }
        pool.leave();
        return true;
    }

    @Override
    public final void refuse(OffloadRejectedException closed) {
        if (STATE.compareAndSet(this, QUEUED, DONE)) {
            pool.rejected.increment();
            pool.leave();
            refused(closed);
        }
    }

    @Override
    public final void run(Slot slot) {
        thread = Thread.currentThread();
        slot.take(this);
        if (!STATE.compareAndSet(this, QUEUED, RUNNING)) {
            slot.letGo();
            return;
        }
        slot.started();
        if (pool.isClosedAtOnce()) {
            Thread.currentThread().interrupt(); // the closer may have looked before it ran
        }
        Throwable error = null;
        try {
            work();
        } catch (Throwable t) { // an Error too: a subscriber that hears nothing waits for ever
            error = t;
        }
        int end = leaveRunning();
        Thread.interrupted(); // whoever set it, the next call starts with a clear flag
        slot.ended(end == CANCELLED, error != null);
        if (end != QUEUED) {
            thread = null;
            pool.leave();
        }
        try {
            ended(error, end == CANCELLED);
        } catch (Throwable t) {
            Uncaught.report(t); // a subscriber that throws breaks its contract, and must not end the worker
        }
    }

    @SuppressWarnings("ThreadPriorityCheck") // right without the yield, too
    private int leaveRunning() {
        while (true) {
            int seen = state;
            if ((seen & INTERRUPTERS) != 0) {
                Thread.yield(); // the interrupt is on its way: a few instructions, unless its thread was put aside
                continue;
            }
            int end = (seen & CANCEL) != 0 ? CANCELLED : isPeriodic() ? QUEUED : DONE;
            if (STATE.compareAndSet(this, seen, end)) {
                return end;
            }
        }
    }

    /**
     * Ends it, unless it has ended; interrupts its thread if it runs, but never the thread that calls this. True if this ended it.
     */
    final boolean cancelJob() {
        while (true) {
            int seen = state;
            int phase = seen & PHASE_BITS;
            if (phase >= DONE || (seen & CANCEL) != 0) {
                return false;
            }
            if (phase == RUNNING) {
                if (STATE.compareAndSet(this, seen, seen | CANCEL | CANCELLER_INTERRUPTS)) {
                    interrupt(CANCELLER_INTERRUPTS);
                    return true;
                }
            } else if (cancelFrom(phase)) {
                return true;
            }
        }
    }

    /** Ends it if it has not begun. True if this ended it. */
    final boolean cancelWaiting() {
        int seen = state;
        return (seen == NEW || seen == QUEUED) && cancelFrom(seen);
    }

    private boolean cancelFrom(int phase) {
        if (!STATE.compareAndSet(this, phase, CANCELLED)) {
            return false;
        }
        if (phase == QUEUED) {
            pool.cancelledWaiting.increment();
            pool.leave();
            dropped();
        }
        return true;
    }

    /** Interrupts it if it runs; it still ends as it ends. */
    final void interruptForClose() {
        int seen = state;
        while ((seen & PHASE_BITS) == RUNNING && (seen & CLOSER_INTERRUPTS) == 0) {
            if (STATE.compareAndSet(this, seen, seen | CLOSER_INTERRUPTS)) {
                interrupt(CLOSER_INTERRUPTS);
                return;
            }
            seen = state;
        }
    }

    private void interrupt(int bit) {
        Thread worker = thread;
        if (worker != null && worker != Thread.currentThread()) {
            worker.interrupt();
        }
        STATE.getAndBitwiseAnd(this, ~bit);
    }
}
