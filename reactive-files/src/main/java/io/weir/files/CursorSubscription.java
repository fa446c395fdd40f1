package io.weir.files;

import java.io.IOException;
import java.util.concurrent.atomic.AtomicLongFieldUpdater;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.Scannable;
import reactor.core.publisher.Operators;
import reactor.core.scheduler.Scheduler;

/**
 * Opens the file at once, so that one which cannot be opened is told without demand; reads on while there is demand; closes
 * the file before the last signal. Nothing is read ahead of demand, so the end is noticed by the request that finds nothing
 * more.
 */
class CursorSubscription<T> extends WorkerLoop implements Subscription, Scannable {
    // A look at the clock costs as much as splitting off a line: not for each.
    private static final int ELEMENTS_PER_LOOK_AT_CLOCK = 256;

    @SuppressWarnings("rawtypes")
    private static final AtomicLongFieldUpdater<CursorSubscription> REQUESTED =
            AtomicLongFieldUpdater.newUpdater(CursorSubscription.class, "requested");

    private final FileOperation operation;
    private final Cursor.Opener<T> opener;
    private final CoreSubscriber<? super T> actual;

    private volatile long requested;
    private volatile boolean cancelled;

    // The rest belongs to the turns.
    private long emitted;
    private @Nullable Cursor<T> cursor;
    private @Nullable Throwable rejection;
    private boolean finished;

    CursorSubscription(
            FileOperation operation, Cursor.Opener<T> opener, Scheduler workers, CoreSubscriber<? super T> actual) {
        super(workers);
        this.operation = operation;
        this.opener = opener;
        this.actual = actual;
    }

    void start() {
        if (requested == 0) { // else the request has signalled
            signal();
        }
    }

    @Override
    public void request(long n) {
        if (Operators.validate(n)) {
            Operators.addCap(REQUESTED, this, n);
            signal();
        }
    }

    @Override
    public void cancel() {
        cancelled = true;
        signal();
    }

    @Override
    boolean turn() {
        if (finished) {
            return false;
        }
        if (cancelled) {
            finish();
            return false;
        }
        if (rejection != null) {
            fail(rejection);
            return false;
        }
        return readOn();
    }

    private boolean readOn() {
        try {
            if (cursor == null) {
                cursor = opener.open();
            }
        } catch (Throwable t) {
            fail(t);
            return false;
        }
        Cursor<T> from = cursor;
        while (emitted != requested) {
            if (cancelled) {
                finish();
                return false;
            }
            T next;
            boolean more;
            try {
                next = from.poll();
                more = next != null || from.fill(requested - emitted);
            } catch (Throwable t) {
                fail(t);
                return false;
            }
            if (!more) {
                nothingMore(from);
                return false;
            }
            if (next != null) {
                emitted++;
                actual.onNext(next);
            }
            if ((next == null || emitted % ELEMENTS_PER_LOOK_AT_CLOCK == 0) && turnIsOver()) {
                return true;
            }
        }
        return false;
    }

    /** What the cursor gave was all, and there is demand. */
    void nothingMore(Cursor<T> from) {
        finish();
        actual.onComplete();
    }

    final void fail(Throwable t) {
        finish();
        actual.onError(operation.told(t));
    }

    void finish() {
        finished = true;
        Cursor<T> open = cursor;
        cursor = null;
        if (open != null) {
            try {
                open.close();
            } catch (IOException e) {
                Operators.onErrorDropped(operation.failure(e), actual.currentContext());
            }
        }
    }

    @Override
    boolean needsWorker() {
        return !finished && !(cancelled && cursor == null);
    }

    @Override
    void rejected(Throwable t) {
        rejection = t;
    }

    @Override
    void abandon(Throwable thrown) {
        finish();
        Operators.onErrorDropped(thrown, actual.currentContext());
    }

    @Override
    public @Nullable Object scanUnsafe(Attr key) {
        if (key == Attr.ACTUAL) {
            return actual;
        }
        if (key == Attr.REQUESTED_FROM_DOWNSTREAM) {
            return requested;
        }
        if (key == Attr.CANCELLED) {
            return cancelled;
        }
        if (key == Attr.TERMINATED) {
            return finished;
        }
        if (key == Attr.RUN_ON) {
            return workers();
        }
        if (key == Attr.NAME) {
            return operation.taskName();
        }
        return key == Attr.RUN_STYLE ? Attr.RunStyle.ASYNC : null;
    }

    @Override
    public String stepName() {
        return operation.toString();
    }
}
