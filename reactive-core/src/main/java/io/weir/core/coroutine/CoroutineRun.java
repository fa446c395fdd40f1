package io.weir.core.coroutine;

import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.Scannable;
import reactor.core.publisher.Operators;
import reactor.util.context.Context;

/**
 * One run of a body: its Context, whether it has been cancelled, and what it awaits now.
 *
 * <p>{@code cancelled} is set before the thread is interrupted, so an await that the interrupt ends, and each one that follows, knows
 * why; also where the body swallowed the interrupt in between.
 */
abstract class CoroutineRun implements Subscription, Scannable {
    private static final ThreadLocal<@Nullable CoroutineRun> CURRENT = new ThreadLocal<>();

    private static final AtomicReferenceFieldUpdater<CoroutineRun, Subscription> CALL =
            AtomicReferenceFieldUpdater.newUpdater(CoroutineRun.class, Subscription.class, "call");

    private final String name;

    /** Written before the body starts. */
    private Context context;

    private volatile @Nullable Subscription call;
    private volatile @Nullable Await awaiting;
    private volatile boolean cancelled;

    CoroutineRun(String name, Context context) {
        this.name = name;
        this.context = context;
    }

    /** The one that runs on this thread, or null. */
    static @Nullable CoroutineRun current() {
        return CURRENT.get();
    }

    /** Runs the body on this thread. */
    final <T> @Nullable T run(Callable<? extends @Nullable T> body) throws Exception {
        CoroutineRun outer = CURRENT.get();
        CURRENT.set(this);
        try {
            return body.call();
        } catch (CoroutineCancelledException e) {
            if (cancelled) {
                return null; // as it should be; nobody listens any more
            }
            throw e;
        } finally {
            if (outer == null) {
                CURRENT.remove();
            } else {
                CURRENT.set(outer);
            }
        }
    }

    /** What runs the body has accepted it. */
    final boolean started(Subscription running) {
        return Operators.setOnce(CALL, this, running);
    }

    @Override
    public void cancel() {
        cancelled = true;
        Operators.terminate(CALL, this);
    }

    final boolean isCancelled() {
        return cancelled;
    }

    final String name() {
        return name;
    }

    /** Before the body starts: its Context. */
    final void runIn(Context inner) {
        context = inner;
    }

    final Context context() {
        return context;
    }

    final void awaits(@Nullable Await now) {
        awaiting = now;
    }

    @Override
    public @Nullable Object scanUnsafe(Attr key) {
        if (key == Attr.PARENT) {
            Await now = awaiting;
            return now != null ? now : call;
        }
        if (key == Attr.CANCELLED) {
            return cancelled;
        }
        return key == Attr.NAME ? name : null;
    }
}
