package io.weir.core.process;

import java.io.IOException;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import java.util.concurrent.atomic.AtomicLongFieldUpdater;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.Scannable;
import reactor.core.publisher.Operators;

/**
 * Reads a pipe while there is demand, on a thread that it has only as long as it reads or emits.
 *
 * <p><b>State.</b> {@code signals} counts what was signalled since the last turn: who raises it from zero brings the turn to a thread. In a turn,
 * {@code read} tells whether the thread waits in a read, and in which one:
 *
 * <pre>
 * 2n (before read n) ──► 2n + 1 (in it) ──► 2n + 2
 *                              └──► LEFT        the process has exited, and this read was silent for too long
 * </pre>
 *
 * <p><b>Writers.</b> The turn moves it on; the bound that a read has after the exit moves it to LEFT. Each by one CAS.
 *
 * <p><b>Invariant.</b> One thread emits: that of the turn, and after LEFT the one that wrote it. The thread that comes back from a read it was left in
 * touches nothing but the pipe's count of those inside. A read that begins after the exit, and one that is under way at the exit, is bounded by who of
 * the two sees the other: the turn writes {@code read} and then looks at the exit, the exit is written before {@code read} is looked at.
 *
 * <p><b>The end.</b> The pipe is closed by the thread that reads it, and so when no read goes on: closing it would end none, and free its number for
 * another file under the read's feet.
 *
 * <p><b>Callbacks.</b> The subscriber is called in a turn, with nothing held.
 *
 * <p><b>Loss.</b> What a read brings after a cancel is dropped: no element was made of it. So is what it brings after LEFT, which is not the process's.
 *
 * <p><b>Proof.</b> {@code OutputTest}, {@code LeftBehindTest}, {@code ProcessTckTest}; {@code RandomCancelTest}.
 */
final class PipeSubscription<T> implements Subscription, Scannable, Runnable {
    private static final int CHUNK = 64 << 10; // what a pipe holds
    private static final int LEFT = -1;

    private static final AtomicIntegerFieldUpdater<PipeSubscription> SIGNALS =
            AtomicIntegerFieldUpdater.newUpdater(PipeSubscription.class, "signals");
    private static final AtomicIntegerFieldUpdater<PipeSubscription> READ =
            AtomicIntegerFieldUpdater.newUpdater(PipeSubscription.class, "read");
    private static final AtomicLongFieldUpdater<PipeSubscription> REQUESTED =
            AtomicLongFieldUpdater.newUpdater(PipeSubscription.class, "requested");

    private final OutputPipe pipe;
    private final Chunks<T> chunks;
    private final CoreSubscriber<? super T> subscriber;

    private volatile int signals;
    private volatile int read;
    private volatile long requested;
    private volatile boolean badRequest;
    private volatile boolean cancelled;
    private volatile boolean finished;

    // Of the one who emits.
    private byte @Nullable [] buffer;
    private long emitted;
    private boolean ended;

    PipeSubscription(OutputPipe pipe, Chunks<T> chunks, CoreSubscriber<? super T> subscriber) {
        this.pipe = pipe;
        this.chunks = chunks;
        this.subscriber = subscriber;
    }

    @Override
    public void request(long n) {
        if (n <= 0) {
            badRequest = true;
        } else {
            Operators.addCap(REQUESTED, this, n);
        }
        signal();
    }

    @Override
    public void cancel() {
        if (!cancelled && !finished) {
            cancelled = true;
            signal();
        }
    }

    private void signal() {
        if (SIGNALS.getAndIncrement(this) == 0) {
            Workers.run(this);
        }
    }

    @Override
    public void run() {
        int seen = signals;
        do {
            try {
                turn();
            } catch (Throwable t) { // the subscriber has thrown, which it must not
                finish();
                Operators.onErrorDropped(t, subscriber.currentContext());
            }
            seen = SIGNALS.addAndGet(this, -seen);
        } while (seen != 0);
    }

    private void turn() {
        while (!finished && read != LEFT) {
            if (cancelled) {
                finish();
                return;
            }
            if (badRequest) {
                fail(new IllegalArgumentException("a request is for at least 1"));
                return;
            }
            if (emitted == requested) {
                return;
            }
            T next;
            try {
                next = chunks.next();
                if (next == null && !ended) {
                    if (!fill()) {
                        return;
                    }
                    continue;
                }
            } catch (Throwable t) { // what is not the subscriber's is told to it
                fail(t instanceof IOException e ? pipe.failure(e) : t);
                return;
            }
            emit(next);
        }
    }

    /** Null: that was all. */
    private void emit(@Nullable T next) {
        if (next == null) {
            finish();
            subscriber.onComplete();
        } else {
            emitted++;
            subscriber.onNext(next);
        }
    }

    /** Reads once, or notices the end. False where this was left in the meantime, and belongs to another thread. */
    private boolean fill() throws IOException {
        byte[] into = buffer == null ? new byte[CHUNK] : buffer;
        int reading = READ.incrementAndGet(this);
        if (pipe.hasExited()) {
            bound(reading);
        }
        int count = 0;
        IOException failure = null;
        try {
            count = pipe.read(into);
        } catch (IOException e) {
            failure = e;
        }
        if (!READ.compareAndSet(this, reading, reading + 1)) {
            pipe.close();
            return false;
        }
        if (cancelled) {
            return true;
        }
        if (failure != null) {
            throw failure;
        }
        if (count < 0) {
            ended = true;
            chunks.end();
        } else {
            buffer = into;
            chunks.received(into, count);
        }
        return true;
    }

    private static boolean isReading(int read) {
        return (read & 1) != 0 && read != LEFT;
    }

    /** The process has exited: the read that is under way, if there is one, has to come to its end soon. */
    void bound() {
        int now = read;
        if (isReading(now)) {
            bound(now);
        }
    }

    private void bound(int reading) {
        Workers.run(() -> leave(reading), OutputPipe.DRAIN_MILLIS);
    }

    /** Ends the stream in place of the thread that is still in this read. */
    private void leave(int reading) {
        if (!READ.compareAndSet(this, reading, LEFT)) {
            return;
        }
        try {
            ended = true;
            chunks.end();
            T next = cancelled ? null : chunks.next(); // a last line that had no ending; a read begins with demand
            if (next != null) {
                emit(next);
            }
            if (!cancelled) {
                emit(null);
            }
        } catch (ProcessLineTooLongException e) {
            fail(e);
        } catch (Throwable t) { // as in run
            Operators.onErrorDropped(t, subscriber.currentContext());
        } finally {
            finish();
        }
    }

    private void fail(Throwable error) {
        finish();
        subscriber.onError(error);
    }

    private void finish() {
        finished = true;
        buffer = null;
        pipe.forget();
        if (read != LEFT) { // else a thread is still in it
            pipe.close();
        }
    }

    @Override
    public @Nullable Object scanUnsafe(Attr key) {
        if (key == Attr.ACTUAL) {
            return subscriber;
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
        if (key == Attr.RUN_STYLE) {
            return Attr.RunStyle.ASYNC;
        }
        return key == Attr.NAME ? pipe.label() : null;
    }
}
