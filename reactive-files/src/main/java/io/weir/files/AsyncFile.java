package io.weir.files;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.weir.core.sync.Bracket;
import java.io.IOException;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/**
 * An open file, read and written at positions. What is said here holds for every method; what {@link AsyncFiles} says of all
 * its methods holds too.
 *
 * <pre>{@code
 * Mono<Long> added = AsyncFile.using(
 *         log, OpenOptions.readWrite(), file -> file.withLock(file.size().flatMap(end -> file.write(end, entry))));
 * }</pre>
 *
 * <ul>
 *   <li><b>When.</b> Each subscription does the operation anew, when its result is first asked for. Operations may overlap, and
 *       then have no order among them: of two writes to the same place either may win.
 *   <li><b>Threads.</b> Signals arrive where the {@linkplain AsyncFiles#engine() engine} works: on a worker, or on an
 *       event loop, where nothing may block.
 *   <li><b>Cancel.</b> Cancelling an operation leaves the file open. The operation may have its effect all the same.
 *   <li><b>The end.</b> The file is closed when its scope or {@link #close()} says so and its last operation under way has
 *       ended. Operations that begin later fail with {@link FileClosedException}, on the thread that requests.
 * </ul>
 */
public final class AsyncFile {
    private static final Duration LONGEST_DELAY = Duration.ofMillis(50);
    private static final int CLOSED = Integer.MIN_VALUE;
    private static final AtomicIntegerFieldUpdater<AsyncFile> STATE =
            AtomicIntegerFieldUpdater.newUpdater(AsyncFile.class, "state");

    private final Path path;
    private final boolean writable;
    private final OpenFile file;
    private final Sinks.Empty<Void> closed = Sinks.empty();

    /** How many operations are under way, and CLOSED once none may begin. Who brings it to CLOSED alone closes the file. */
    private volatile int state;

    private AsyncFile(Path path, boolean writable, OpenFile file) {
        this.path = path;
        this.writable = writable;
        this.file = file;
    }

    /**
     * Opens a file, uses it once and closes it, whatever happens between. Emits what the use emits, when the file has been
     * closed. Cancelled, it cancels the use, and closes the file when the operations under way have ended.
     *
     * @param path the file
     * @param options how to open it
     * @param use what to do with it; it must not keep the file for later
     * @param <T> the result
     * @return the result of the use
     */
    public static <T> Mono<T> using(
            Path path, OpenOptions options, Function<? super AsyncFile, ? extends Mono<? extends T>> use) {
        return Bracket.using(open(path, options), use, AsyncFile::close);
    }

    /**
     * Opens a file for a use that emits many, and closes it after that. Elements are emitted as they come, the end when the
     * file has been closed. Otherwise as {@link #using}.
     *
     * @param path the file
     * @param options how to open it
     * @param use what to do with it; it must not keep the file for later
     * @param <T> what the use emits
     * @return what the use emits
     */
    public static <T> Flux<T> usingMany(
            Path path, OpenOptions options, Function<? super AsyncFile, ? extends Publisher<? extends T>> use) {
        return Bracket.usingMany(open(path, options), use, AsyncFile::close);
    }

    /**
     * Opens a file and emits it. Prefer {@link #using}: a file that nobody closes stays open, and so does one that an operator
     * drops because it was cancelled when the file arrived.
     *
     * @param path the file
     * @param options how to open it
     * @return the open file, to be closed by whoever receives it
     */
    public static Mono<AsyncFile> open(Path path, OpenOptions options) {
        return AsyncFiles.open(new FileOperation("open", path), options)
                .map(file -> new AsyncFile(path, options.writes(), file));
    }

    /**
     * Closes the file when the operations under way have ended, and completes after that. It may be called more than once; to
     * cancel it does not stop it.
     *
     * @return completes when the file has been closed
     */
    public Mono<Void> close() {
        return Mono.defer(() -> {
            int before = STATE.getAndAccumulate(this, CLOSED, (state, flag) -> state | flag);
            if (before == 0) {
                closeNow();
            }
            return closed.asMono();
        });
    }

    private void closeNow() {
        FileOperation operation = operation("close");
        file.close((done, failure) -> {
            if (failure == null) {
                closed.tryEmitEmpty();
            } else {
                closed.tryEmitError(operation.told(failure));
            }
        });
    }

    /**
     * The file, as it was given.
     *
     * @return the path
     */
    public Path path() {
        return path;
    }

    /**
     * Reads from a position on. Emits one pooled direct buffer, which whoever receives it releases: of the length asked for, or
     * shorter where the file ends before; none at the end of the file and behind it.
     *
     * @param at the position, in bytes
     * @param length how much to read, from 1 byte to 16 MiB
     * @return the buffer
     */
    public Mono<ByteBuf> read(long at, int length) {
        requirePosition(at);
        if (length < 1 || length > ReadOptions.LARGEST_CHUNK) {
            throw new IllegalArgumentException(
                    "length must be from 1 to " + ReadOptions.LARGEST_CHUNK + " bytes, not " + length);
        }
        return run(
                "read",
                true,
                subscription -> {
                    ByteBuf buffer = ByteBufAllocator.DEFAULT.directBuffer(length, length);
                    file.read(buffer, at, (count, failure) -> {
                        if (failure == null && count > 0) {
                            end(subscription, buffer.writerIndex((int) count), null);
                        } else {
                            buffer.release();
                            end(subscription, null, failure);
                        }
                    });
                },
                ByteBuf::release);
    }

    /**
     * Reads one stretch of the file in parts, with one call to the system. Emits a buffer for each length, in their order;
     * where the file ends before, the last is shorter and those behind it are missing.
     *
     * @param at the position of the first part, in bytes
     * @param lengths how long each part is; 16 MiB together at most
     * @return the parts, each to be released by whoever receives them
     */
    public Mono<List<ByteBuf>> readParts(long at, List<Integer> lengths) {
        List<Integer> each = List.copyOf(lengths);
        long total = each.stream().mapToLong(length -> Math.max(length, 0)).sum();
        return read(at, (int) Math.min(total, Integer.MAX_VALUE)).map(whole -> {
            List<ByteBuf> parts = new ArrayList<>(each.size());
            for (int length : each) {
                if (whole.isReadable()) {
                    parts.add(whole.readRetainedSlice(Math.min(length, whole.readableBytes())));
                }
            }
            whole.release();
            return parts;
        });
    }

    /**
     * Writes an array at a position.
     *
     * @param at the position, in bytes
     * @param bytes the content, which must not change until it is written
     * @return the number of bytes written, which is all
     */
    public Mono<Long> write(long at, byte[] bytes) {
        return Mono.defer(() -> write(at, Unpooled.wrappedBuffer(bytes)));
    }

    /**
     * Writes a buffer at a position. A subscription owns the buffer, and releases it whatever happens: only one can be made. A
     * buffer of several parts is written with one call to the system.
     *
     * @param at the position, in bytes
     * @param bytes the content
     * @return the number of bytes written, which is all
     */
    public Mono<Long> write(long at, ByteBuf bytes) {
        requirePosition(at);
        CallMono.Call<Long> write = new CallMono.Call<>() {
            @Override
            public void begin(CallSubscription<Long> subscription) {
                file.write(bytes, at, (count, failure) -> {
                    forget();
                    end(subscription, count, failure);
                });
            }

            /** Whoever released the buffer too early is told by the write that fails. */
            @Override
            public void forget() {
                if (bytes.refCnt() > 0) {
                    bytes.release();
                }
            }
        };
        return run("write", writable, write, count -> {});
    }

    /**
     * Writes buffers one behind the other, gathered into as few calls to the system as it takes. They are owned as in
     * {@link #write(long, ByteBuf)}.
     *
     * @param at the position of the first, in bytes
     * @param parts the content
     * @return the number of bytes written, which is all
     */
    public Mono<Long> write(long at, List<ByteBuf> parts) {
        return Mono.defer(() -> write(at, Unpooled.wrappedBuffer(parts.toArray(new ByteBuf[0]))));
    }

    /**
     * Tells how long the file is now.
     *
     * @return the size in bytes
     */
    public Mono<Long> size() {
        return run(
                "size",
                true,
                subscription -> file.size((size, failure) -> end(subscription, size, failure)),
                size -> {});
    }

    /**
     * Sets the size: cuts what is behind it, or extends the file with zeros.
     *
     * @param size the size, in bytes
     * @return completes when that is done
     */
    public Mono<Void> truncate(long size) {
        requirePosition(size);
        return effect("truncate", writable, answer -> file.truncate(size, answer));
    }

    /**
     * Forces what has been written to the device.
     *
     * @param metadata whether also what is told about the file, such as when it was changed, and not only what it takes to read it
     * @return completes when the device has it
     */
    public Mono<Void> force(boolean metadata) {
        return effect("force", true, answer -> file.force(metadata, answer));
    }

    /**
     * Makes sure that the file is at least so long, and that the device has room for this part of it. With io_uring that is one call; on
     * threads what is missing at the end is written with zeros, so nothing else should write behind the end meanwhile.
     *
     * @param at where the part begins, in bytes
     * @param length how long it is, at least 1 byte
     * @return completes when there is room
     */
    public Mono<Void> allocate(long at, long length) {
        requirePosition(at);
        if (length < 1 || at + length < 0) {
            throw new IllegalArgumentException("not a length to allocate at " + at + ": " + length);
        }
        return effect("allocate", writable, answer -> file.allocate(at, length, answer));
    }

    /**
     * Runs a Mono while this process holds an exclusive lock on the whole file.
     *
     * @param critical what to do meanwhile
     * @param <T> its result
     * @return the result, when the lock has been given back
     */
    public <T> Mono<T> withLock(Mono<T> critical) {
        return withLock(0, Long.MAX_VALUE, false, critical);
    }

    /**
     * Runs a Mono while this process holds a lock on a part of the file. Emits what the Mono emits, once the lock has been given
     * back. Where another process, or somebody else in this one, holds a lock in the way, it is tried again, first after a
     * millisecond and at last twenty times a second, without a thread that waits: there is no line, and no fairness. To cancel
     * while waiting ends that; later it cancels the Mono and gives the lock back.
     *
     * <p>It is the system's lock, which binds only those who ask for it too. On most systems it belongs to the whole process, and is
     * lost when anything in the process closes the same file.
     *
     * @param at where the part begins, in bytes
     * @param length how long it is; it may go on behind the end of the file
     * @param shared whether others may hold shared locks on it too; an exclusive one takes a file opened for writing
     * @param critical what to do meanwhile
     * @param <T> its result
     * @return the result, when the lock has been given back
     */
    public <T> Mono<T> withLock(long at, long length, boolean shared, Mono<T> critical) {
        requirePosition(at);
        Mono<FileLock> attempt = run(
                "lock", shared || writable, subscription -> tryLock(at, length, shared, subscription), this::unlock);
        Mono<FileLock> acquire = attempt.repeatWhenEmpty(
                        failures -> failures.concatMap(failed -> Mono.delay(delayBeforeTryingAgain(failed))))
                .doOnDiscard(FileLock.class, this::unlock);
        return Bracket.using(acquire, lock -> critical, lock -> run("unlock", true, unlocking(lock), nothing -> {}));
    }

    private static Duration delayBeforeTryingAgain(long failed) {
        return failed < 6 ? Duration.ofMillis(1L << failed) : LONGEST_DELAY;
    }

    private void tryLock(long at, long length, boolean shared, CallSubscription<FileLock> subscription) {
        AtomicReference<FileLock> taken = new AtomicReference<>();
        OpenFile.OnChannel attempt = channel -> {
            try {
                taken.set(channel.tryLock(at, length, shared));
            } catch (OverlappingFileLockException e) {
                // held by somebody else in this process
            }
            return 0;
        };
        file.onChannel(attempt, (done, failure) -> end(subscription, taken.get(), failure));
    }

    private CallMono.Call<Void> unlocking(FileLock lock) {
        OpenFile.OnChannel release = channel -> {
            lock.release();
            return 0;
        };
        return subscription -> file.onChannel(release, (done, failure) -> end(subscription, null, failure));
    }

    private void unlock(FileLock lock) {
        run("unlock", true, unlocking(lock), nothing -> {}).subscribe(nothing -> {}, failure -> {});
    }

    private Mono<Void> effect(String name, boolean allowed, Consumer<OpenFile.Answer> start) {
        return run(
                name,
                allowed,
                subscription -> start.accept((done, failure) -> end(subscription, null, failure)),
                nothing -> {});
    }

    private <T> Mono<T> run(String name, boolean allowed, CallMono.Call<T> call, Consumer<? super T> discard) {
        FileOperation operation = operation(name);
        CallMono.Call<T> whileOpen = new CallMono.Call<>() {
            @Override
            public void begin(CallSubscription<T> subscription) {
                if (!allowed || !enter()) {
                    call.forget();
                    subscription.fail(allowed ? new FileClosedException(operation) : readOnly(operation));
                    return;
                }
                try {
                    call.begin(subscription);
                } catch (Throwable t) { // no memory
                    call.forget();
                    end(subscription, null, t);
                }
            }

            @Override
            public void forget() {
                call.forget();
            }
        };
        return CallMono.create(operation, whileOpen, discard);
    }

    /** False if the file is closed, or about to be. */
    private boolean enter() {
        int before;
        do {
            before = state;
            if (before < 0) {
                return false;
            }
        } while (!STATE.compareAndSet(this, before, before + 1));
        return true;
    }

    /** An operation has ended, and has given up what it used: tells its subscriber, who may close the file. */
    private <T> void end(CallSubscription<T> subscription, @Nullable T value, @Nullable Throwable failure) {
        if (STATE.decrementAndGet(this) == CLOSED) {
            closeNow();
        }
        if (failure != null) {
            subscription.fail(failure);
        } else {
            subscription.succeed(value);
        }
    }

    private static FileException readOnly(FileOperation operation) {
        String problem = "the file was opened for reading only";
        return new FileIoException(operation, problem, new IOException(problem));
    }

    private FileOperation operation(String name) {
        return new FileOperation(name, path);
    }

    private static void requirePosition(long at) {
        if (at < 0) {
            throw new IllegalArgumentException("a position cannot be negative: " + at);
        }
    }
}
