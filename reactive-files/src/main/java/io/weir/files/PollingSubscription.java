package io.weir.files;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import reactor.core.CoreSubscriber;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * Where a cursor has nothing more to give, asks it again after a while. Between two looks it holds no thread: a timer of
 * {@link Schedulers#parallel()} signals, and a worker does the work. Without demand no timer runs.
 */
final class PollingSubscription<T> extends CursorSubscription<T> {
    private final Duration interval;
    private final Disposable.Swap timer = Disposables.swap();
    private volatile boolean armed; // set by turns, unset by the timer

    PollingSubscription(
            FileOperation operation,
            Cursor.Opener<T> opener,
            Duration interval,
            Scheduler workers,
            CoreSubscriber<? super T> actual) {
        super(operation, opener, workers, actual);
        this.interval = interval;
    }

    @Override
    void nothingMore(Cursor<T> from) {
        if (from.isOver()) {
            super.nothingMore(from);
            return;
        }
        if (armed) { // somebody has asked for more meanwhile
            return;
        }
        armed = true;
        try {
            timer.update(Schedulers.parallel().schedule(this::look, interval.toNanos(), TimeUnit.NANOSECONDS));
        } catch (Throwable t) {
            fail(t);
        }
    }

    private void look() {
        armed = false;
        signal();
    }

    @Override
    public void cancel() {
        timer.dispose();
        super.cancel();
    }

    @Override
    void finish() {
        timer.dispose();
        super.finish();
    }
}
