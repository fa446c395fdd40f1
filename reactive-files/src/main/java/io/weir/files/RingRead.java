package io.weir.files;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Objects;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.Scannable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Operators;
import reactor.util.context.Context;

/**
 * A file read whole on a ring, one operation after the other: open, read until a read finds the end, close, and then the
 * signals. The first reads go to a space of the ring, which for most files is enough; a file that fills it is asked for
 * its size. A regular one of more than {@link #LARGE} bytes is left to the threads, so that its copying and decoding keep
 * nobody else on this ring waiting.
 *
 * <ul>
 *   <li>State: {@code flags} holds REQUESTED, CANCELLED and READY, each set once. The steps are told apart by who answers:
 *       {@link #opened}, {@link #received}, {@link #measured}, {@link #closed}.
 *   <li>Writers: the subscriber sets the first two, from any thread; READY and all else belong to the ring's thread.
 *   <li>Invariant: at most one operation is under way, apart from its cancel. The space and the descriptor are given back when none is, and
 *       before any signal.
 *   <li>Publication: other threads touch nothing but {@code flags}, and come in by {@link Ring#execute}.
 *   <li>Callbacks: the subscriber is called last, when all has been given back. What it throws is dropped.
 *   <li>Loss: a result that was cancelled is garbage, and nothing else. A close is never cancelled.
 *   <li>Proof: {@code CancelTest}, {@code ReadTest} and {@code RingTest} on this engine.
 * </ul>
 */
final class RingRead<T> implements Subscription, Scannable, Gate.Entrant {
    /** Above this, a regular file is read by a thread. */
    static final int LARGE = 1 << 20;

    private static final int REQUESTED = 1;
    private static final int CANCELLED = 2;
    private static final int READY = 4;

    private static final int REGULAR = 0100000;
    private static final int TYPE = 0170000;
    private static final int STATX_TYPE_AND_SIZE = 0x201;
    private static final int STATX_MODE_AT = 28;
    private static final int STATX_SIZE_AT = 40;

    @SuppressWarnings("rawtypes")
    private static final AtomicIntegerFieldUpdater<RingRead> FLAGS =
            AtomicIntegerFieldUpdater.newUpdater(RingRead.class, "flags");

    private final FileOperation operation;
    private final byte[] name;
    private final Ring ring;
    private final int maxSize;
    private final Function<byte[], T> result;
    private final Mono<T> byThread;
    private final CoreSubscriber<? super T> actual;

    private volatile int flags;

    // The rest belongs to the ring's thread.
    private @Nullable ByteBuffer space;
    private byte @Nullable [] bytes; // what has been read, once the space was too small
    private int length;
    private int fd = -1;
    private long underWay; // the name of the operation, 0 for none that may be cancelled
    private boolean large;
    private @Nullable Throwable failure;
    private @Nullable T value;
    private @Nullable Subscription thread; // when a thread has taken over

    RingRead(
            FileOperation operation,
            byte[] name,
            Ring ring,
            int maxSize,
            Function<byte[], T> result,
            Mono<T> byThread,
            CoreSubscriber<? super T> actual) {
        this.operation = operation;
        this.name = name;
        this.ring = ring;
        this.maxSize = maxSize;
        this.result = result;
        this.byThread = byThread;
        this.actual = actual;
    }

    void start() {
        onRing(this::begin, this::ready);
    }

    @Override
    public void request(long n) {
        if (Operators.validate(n) && (set(REQUESTED) & (REQUESTED | READY)) == READY) {
            onRing(this::emit, this::emit);
        }
    }

    @Override
    public void cancel() {
        if ((set(CANCELLED) & (CANCELLED | READY)) == 0) {
            onRing(this::interrupt, () -> {});
        }
    }

    /** Another's loop may have been shut down, and then runs nothing. */
    private void onRing(Runnable step, Runnable orElse) {
        try {
            ring.execute(step);
        } catch (RejectedExecutionException e) {
            failure = failure == null && value == null ? e : failure;
            orElse.run();
        }
    }

    private int set(int flag) {
        return FLAGS.getAndAccumulate(this, flag, (before, added) -> before | added);
    }

    private boolean cancelled() {
        return (flags & CANCELLED) != 0;
    }

    private void begin() {
        try {
            ring.admit(ring.reads, this);
        } catch (Throwable t) { // too many wait
            failure = t;
            ready();
        }
    }

    private void interrupt() {
        ring.cancel(underWay);
        if (thread != null) {
            thread.cancel();
        }
    }

    @Override
    public boolean enter() {
        if (cancelled()) {
            return false;
        }
        space = ring.takeSpace();
        open();
        return true;
    }

    private void open() {
        ByteBuffer path = space().put(0, name).put(name.length, (byte) 0);
        underWay = ring.submit(
                Ring.OPENAT, Ring.AT_FDCWD, 0, Ring.address(path), 0, Ring.O_RDONLY | Ring.O_CLOEXEC, this::opened);
    }

    private void opened(int answer) {
        underWay = 0;
        if (answer == Errno.INTERRUPTED && !cancelled()) {
            open();
        } else if (answer < 0) {
            failure = failure(answer);
            leave();
        } else {
            fd = answer;
            read();
        }
    }

    private void read() {
        if (cancelled()) {
            close();
            return;
        }
        ByteBuffer into = space();
        int at = bytes == null ? length : 0;
        int room = bytes == null ? Ring.SPACE - length : Math.min(Ring.SPACE, Math.max(1, bytes.length - length));
        underWay = ring.submit(Ring.READ, fd, length, Ring.address(into) + at, room, 0, this::received);
    }

    private void received(int answer) {
        underWay = 0;
        if (answer == Errno.INTERRUPTED) {
            read();
        } else if (answer <= 0 || cancelled()) {
            if (answer < 0) {
                failure = failure(answer);
            }
            close();
        } else if ((long) length + answer > maxSize) {
            failure = new FileTooLargeException(operation, maxSize);
            close();
        } else {
            try {
                keep(answer);
            } catch (OutOfMemoryError e) {
                failure = e;
                close();
                return;
            }
            if (bytes == null && length == Ring.SPACE) {
                measure();
            } else {
                read(); // most often to see the end; a short read alone does not prove it
            }
        }
    }

    private void keep(int count) {
        byte[] kept = bytes;
        if (kept != null) {
            if (kept.length - length < count) {
                kept = Arrays.copyOf(kept, (int) Math.min(maxSize, Math.max(2L * length, length + (long) count)));
                bytes = kept;
            }
            space().get(0, kept, length, count);
        }
        length += count;
    }

    private void measure() {
        // Behind the file's beginning: an empty path, which stands for the descriptor itself, and then the answer.
        long address = Ring.address(space().put(Ring.SPACE, (byte) 0)) + Ring.SPACE;
        underWay = ring.submit(
                Ring.STATX, fd, address + Long.BYTES, address, STATX_TYPE_AND_SIZE, Ring.AT_EMPTY_PATH, this::measured);
    }

    private void measured(int answer) {
        underWay = 0;
        long size = length; // where it is not told, the file is read without that hint
        if (answer >= 0) {
            int at = Ring.SPACE + Long.BYTES;
            if ((space().getShort(at + STATX_MODE_AT) & TYPE) == REGULAR) {
                size = space().getLong(at + STATX_SIZE_AT);
            }
        }
        if (size > maxSize) {
            failure = new FileTooLargeException(operation, maxSize);
        } else if (size > LARGE) {
            large = true;
        } else {
            try {
                bytes = new byte[(int) Math.max(size, length)];
                space().get(0, bytes, 0, length);
                read();
                return;
            } catch (OutOfMemoryError e) {
                failure = e;
            }
        }
        close();
    }

    private void close() {
        ring.close(fd, this::closed);
    }

    private void closed(int answer) {
        if (failure == null && !large && !cancelled()) {
            try {
                value = result.apply(content());
            } catch (Throwable t) {
                failure = t;
            }
        }
        leave();
    }

    private byte[] content() {
        byte[] content = bytes;
        if (content == null) {
            content = new byte[length];
            space().get(0, content);
        } else if (content.length != length) {
            content = Arrays.copyOf(content, length);
        }
        return content;
    }

    private void leave() {
        ring.giveSpace(space());
        space = null;
        bytes = null;
        ring.reads.leave();
        if (large && !cancelled()) {
            byThread.subscribe(new Taken());
        } else {
            ready();
        }
    }

    private void ready() {
        if ((set(READY) & REQUESTED) != 0) {
            emit();
        }
    }

    private void emit() {
        if (cancelled()) {
            return;
        }
        Throwable told = failure;
        T emitted = value;
        value = null;
        try {
            if (told != null) {
                actual.onError(told);
            } else {
                if (emitted != null) {
                    actual.onNext(emitted);
                }
                actual.onComplete();
            }
        } catch (Throwable t) {
            Operators.onErrorDropped(t, actual.currentContext());
        }
    }

    private Throwable failure(int answer) {
        try {
            return operation.failure(Errno.exception(operation.path(), answer));
        } catch (Throwable worse) { // as in FileOperation.told
            return worse;
        }
    }

    private ByteBuffer space() {
        return Objects.requireNonNull(space);
    }

    @Override
    public @Nullable Object scanUnsafe(Attr key) {
        if (key == Attr.ACTUAL) {
            return actual;
        }
        if (key == Attr.CANCELLED) {
            return cancelled();
        }
        if (key == Attr.TERMINATED) {
            return (flags & (READY | REQUESTED)) == (READY | REQUESTED);
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

    /** Passes on, from the worker it arrives on, what the threads have read. */
    private final class Taken implements CoreSubscriber<T> {
        @Override
        public Context currentContext() {
            return actual.currentContext();
        }

        @Override
        public void onSubscribe(Subscription subscription) {
            thread = subscription;
            subscription.request(1);
        }

        @Override
        public void onNext(T read) {
            value = read;
        }

        @Override
        public void onError(Throwable t) {
            failure = t;
            ready();
        }

        @Override
        public void onComplete() {
            ready();
        }
    }
}
