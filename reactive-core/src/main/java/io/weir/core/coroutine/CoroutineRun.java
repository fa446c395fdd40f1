package io.weir.core.coroutine;

import io.weir.core.offload.Offload;
import io.weir.core.task.Task;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.Scannable;
import reactor.core.publisher.Operators;
import reactor.util.context.Context;

/**
 * One run of a body on a thread of its own.
 *
 * <pre>
 * NEW ──► STARTED ──► RUNNING ──► ENDED
 *  │         │           └──► INTERRUPTING ──► CANCELLED
 *  └─────────┴───────────────────────────────►
 * </pre>
 *
 * <p><b>Writers.</b> The first request starts it; its thread goes to RUNNING and ENDED; a cancel goes to CANCELLED, by way of
 * INTERRUPTING where the body has the thread. Each by one CAS.
 *
 * <p><b>Invariant.</b> The thread is interrupted between RUNNING and CANCELLED only, and it does not leave before CANCELLED has been written: so the
 * interrupt hits this body and no other, and the flag is cleared before the thread is used again. From ENDED, the outcome is told; from
 * CANCELLED, it is discarded. {@code cancelled} is set first, so an await that the interrupt ends, and each one that follows, knows why, also
 * where the body swallowed the interrupt in between.
 *
 * <p><b>The end.</b> A cancelled body still runs until it notices: until then it holds its task.
 *
 * <p><b>Proof.</b> The races {@code BodyReturnCancelRace} and {@code GenerateStartCancelRace} under jcstress; {@code ThreadStateTest}, which cancels ten thousand bodies
 * at random moments, and {@code EventLoopTest}.
 */
abstract class CoroutineRun<R> implements Subscription, Scannable, Runnable {
    private static final int NEW = 0;
    private static final int STARTED = 1;
    private static final int RUNNING = 2;
    private static final int INTERRUPTING = 3;
    private static final int CANCELLED = 4;
    private static final int ENDED = 5;

    private static final AtomicIntegerFieldUpdater<CoroutineRun> PHASE =
            AtomicIntegerFieldUpdater.newUpdater(CoroutineRun.class, "phase");

    private static final ThreadLocal<@Nullable CoroutineRun<?>> CURRENT = new ThreadLocal<>();

    private final String name;
    private final CoreSubscriber<?> subscriber;
    private volatile int phase;
    private volatile boolean cancelled;
    private volatile @Nullable Await awaiting;

    // Written before STARTED, RUNNING and CANCELLED.
    private @Nullable Callable<? extends @Nullable R> body;
    private @Nullable Thread thread;
    private Task.@Nullable Hold hold;

    // Of the body's thread alone.
    private boolean signalling;

    CoroutineRun(String name, CoreSubscriber<?> subscriber) {
        this.name = name;
        this.subscriber = subscriber;
    }

    /** The one whose body runs on this thread, or null; null too for a subscriber that hears a signal on it. */
    static @Nullable CoroutineRun<?> current() {
        CoroutineRun<?> run = CURRENT.get();
        return run == null || run.signalling ? null : run;
    }

    /**
     * The body's thread is about to give a signal, and what runs on it is the subscriber's and not the body's; or is done with that. A cancel
     * that comes from inside does not interrupt the thread, which would hit whatever the subscriber does next.
     */
    final void signalling(boolean now) {
        signalling = now;
    }

    /** The body has returned, and nobody has cancelled. */
    abstract void returned(@Nullable R value);

    /** The body has thrown, or was not started, and nobody has cancelled. */
    abstract void failed(Throwable error);

    /** Starts {@code code}, unless that was done, or it was cancelled. */
    final void start(Callable<? extends @Nullable R> code) {
        if (phase != NEW) {
            return;
        }
        body = Offload.withThreadLocals(code, context());
        if (!PHASE.compareAndSet(this, NEW, STARTED)) {
            return;
        }
        try {
            launch();
        } catch (Throwable t) {
            if (PHASE.compareAndSet(this, STARTED, ENDED)) {
                failed(t);
            }
        }
    }

    /** Has a thread {@link #run} it; a race has an actor do so. */
    void launch() {
        Threads.start(this);
    }

    /** On the thread. */
    @Override
    public final void run() {
        thread = Thread.currentThread();
        if (!PHASE.compareAndSet(this, STARTED, RUNNING)) {
            Threads.leave();
            return;
        }
        CURRENT.set(this);
        R value = null;
        Throwable error = null;
        try {
            value = Objects.requireNonNull(body).call();
        } catch (Throwable t) { // an Error too: a subscriber that hears nothing waits for ever
            error = t;
        }
        CURRENT.remove();
        Threads.leave();
        if (PHASE.compareAndSet(this, RUNNING, ENDED)) {
            Thread.interrupted(); // what the body may have left
            if (error == null) {
                returned(value);
            } else if (!cancelled || !(error instanceof CoroutineCancelledException)) {
                failed(error);
            } // else it noticed the cancel before that could interrupt it
        } else {
            abandoned(value, error);
        }
    }

    @SuppressWarnings("ThreadPriorityCheck") // nobody else is there to be waited for
    private void abandoned(@Nullable R value, @Nullable Throwable error) {
        while (phase == INTERRUPTING) {
            Thread.yield(); // the interrupt is on its way, and may come from a virtual thread that needs this carrier
        }
        Thread.interrupted();
        if (value != null) {
            Operators.onDiscard(value, context());
        }
        if (error != null
                && !(error instanceof CoroutineCancelledException)
                && !(error instanceof InterruptedException)) {
            Operators.onErrorDropped(error, context());
        }
        Task.Hold held = hold;
        if (held != null) {
            held.release();
        }
    }

    @Override
    public final void cancel() {
        cancelled = true;
        while (true) {
            int before = phase;
            if (before == NEW || before == STARTED) {
                if (PHASE.compareAndSet(this, before, CANCELLED)) {
                    return;
                }
            } else if (before != RUNNING) {
                return;
            } else {
                Task.Hold held = Task.hold(context());
                if (!PHASE.compareAndSet(this, RUNNING, INTERRUPTING)) {
                    held.release();
                    continue;
                }
                hold = held;
                Thread body = thread;
                if (body != null && !(body == Thread.currentThread() && signalling)) {
                    body.interrupt();
                }
                phase = CANCELLED;
                return;
            }
        }
    }

    final boolean isNew() {
        return phase == NEW;
    }

    final boolean isCancelled() {
        return cancelled;
    }

    @Override
    public final String name() {
        return name;
    }

    /** What the body, and all that it awaits, sees. */
    final Context context() {
        return subscriber.currentContext();
    }

    final void awaits(@Nullable Await now) {
        awaiting = now;
    }

    @Override
    public @Nullable Object scanUnsafe(Attr key) {
        if (key == Attr.PARENT) {
            return awaiting;
        }
        if (key == Attr.ACTUAL) {
            return subscriber;
        }
        if (key == Attr.TERMINATED) {
            return phase == ENDED;
        }
        if (key == Attr.CANCELLED) {
            return cancelled;
        }
        return key == Attr.NAME ? name : null;
    }
}
