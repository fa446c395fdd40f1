package io.weir.files;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import reactor.core.Scannable;
import reactor.core.scheduler.Scheduler;

/**
 * Work on one file for one subscriber, done in turns on a worker: the one hard concurrent type of this package.
 *
 * <p>Whoever changes something the work depends on (demand, a cancel, an element to write) changes it first and then calls
 * {@link #signal()}. The first signal to an idle loop takes a worker, which then does everything there is to do, whoever
 * asks for it meanwhile: a hop between threads is paid once for a burst and not once for an element. With nothing left to
 * do the worker is given back. A turn that takes longer than {@link #TURN_NANOS} goes to the end of the pool's queue, if
 * anyone waits there, so that a large file does not keep small ones waiting.
 *
 * <ul>
 *   <li>State: {@code signals} is 0 when the loop is idle; otherwise exactly one thread, or one task in the pool's queue,
 *       owns it.
 *   <li>Writers: anyone adds one; only the owner subtracts, and only what it had read before its turn began: after each
 *       turn, since a loop that never rests would else count round to 0.
 *   <li>Invariant: a signal after that reading leaves {@code signals} above 0, and the owner takes another turn. None is
 *       lost.
 *   <li>Publication: fields that only turns touch are plain. The owner's subtraction and the next owner's addition are
 *       atomic operations on {@code signals}, which order one turn before the next; a turn that yields is ordered by the
 *       scheduler.
 *   <li>Callbacks: user code runs inside turns, under no lock. It may signal again, from any depth, without recursion.
 *   <li>Loss: when the pool refuses the task, {@link #rejected} is told and the turn runs on the thread that signalled,
 *       which it may use to close the file and to report, and for nothing else: what is signalled meanwhile asks for a
 *       worker again. A refused yield keeps its worker.
 *   <li>Proof: {@code WorkerLoopTest}, and the random cancels of {@code CancelTest}.
 * </ul>
 */
abstract class WorkerLoop implements Runnable {
    /** Long against the hop it costs to give a worker up (some 10 µs), short against what a person notices. */
    static final long TURN_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

    private static final AtomicIntegerFieldUpdater<WorkerLoop> SIGNALS =
            AtomicIntegerFieldUpdater.newUpdater(WorkerLoop.class, "signals");

    private final Scheduler workers;
    private volatile int signals;
    private long turnBegan;

    WorkerLoop(Scheduler workers) {
        this.workers = workers;
    }

    /** Does what there is to do. True: there is more, but the turn is over. */
    abstract boolean turn();

    /** Whether a turn may open, read or write the file now; if not, it needs no worker. Asked by the owner. */
    abstract boolean needsWorker();

    /** The pool has not taken the task. The turn that follows must end the work. */
    abstract void rejected(Throwable t);

    /** A subscriber threw, which leaves nobody to tell: the turn must give up all it holds. */
    abstract void abandon(Throwable thrown);

    final Scheduler workers() {
        return workers;
    }

    final void signal() {
        if (SIGNALS.getAndIncrement(this) == 0) {
            begin();
        }
    }

    /** Turns without a worker, for as long as none is needed or to be had. */
    private void begin() {
        int seen;
        do {
            if (needsWorker()) {
                try {
                    // The handle is dropped on purpose: disposing of it would interrupt, and an interrupt closes a
                    // FileChannel under the operation that is using it.
                    workers.schedule(this);
                    return;
                } catch (Throwable t) { // full, or no memory for a thread: without this the signal would be lost
                    rejected(t);
                }
            }
            seen = signals;
        } while (rest(seen, takeTurn()) != 0);
    }

    @Override
    public final void run() {
        int seen = signals;
        while (seen != 0) {
            boolean more = takeTurn();
            seen = rest(seen, more);
            if (more && yielded()) {
                return;
            }
        }
    }

    /** Takes off what the turn has seen; but for one if there is more to do, so that the loop keeps its owner. */
    private int rest(int seen, boolean more) {
        return SIGNALS.addAndGet(this, more ? 1 - seen : -seen);
    }

    private boolean takeTurn() {
        turnBegan = workers.now(TimeUnit.NANOSECONDS);
        try {
            return turn();
        } catch (Throwable t) {
            abandon(t);
            return false;
        }
    }

    private boolean yielded() {
        if (nobodyWaits()) {
            return false;
        }
        try {
            workers.schedule(this);
            return true;
        } catch (Throwable t) {
            return false;
        }
    }

    /** Who yields to nobody pays for a hop to another core, with nothing in its cache. A pool that does not tell is yielded to. */
    private boolean nobodyWaits() {
        // Not scan(): that says 0 where nothing is told.
        return workers instanceof Scannable pool
                && pool.scanUnsafe(Scannable.Attr.BUFFERED) instanceof Integer waiting
                && waiting == 0;
    }

    /** Asked between steps of a turn. */
    final boolean turnIsOver() {
        return workers.now(TimeUnit.NANOSECONDS) - turnBegan >= TURN_NANOS;
    }
}
