package io.weir.core.process;

import io.weir.core.sync.AsyncLock;
import java.io.IOException;
import java.io.OutputStream;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.util.context.ContextView;

/**
 * The process's stdin. Writes and the close have it one after the other, in the order in which they came.
 *
 * <p>Who reads a pipe may go at any time, so what cannot be written is no error: the process's exit says whether it missed anything.
 */
final class InputPipe {
    private static final int PIECE = 64 << 10; // an interrupted write looks up after each

    private final Command command;
    private final OutputStream out;
    private final Mono<?> exited;
    private final Runnable onQuiet;
    private final AsyncLock lock = AsyncLock.create();
    private final AtomicInteger inside = new AtomicInteger();
    private volatile boolean closed;

    /**
     * @param exited signals in any way when nobody is left to write to
     * @param onQuiet called whenever no thread is in a write any more
     */
    InputPipe(Command command, OutputStream out, Mono<?> exited, Runnable onQuiet) {
        this.command = command;
        this.out = out;
        this.exited = exited.then().onErrorComplete();
        this.onQuiet = onQuiet;
    }

    /** Tells how many bytes were written; fewer than there were, if the process reads no more. */
    Mono<Long> write(Publisher<byte[]> source) {
        Mono<Long> all = Flux.from(source)
                .publishOn(Workers.SCHEDULER, 1) // a source that has the next chunk at hand costs no change of thread
                .map(this::blockingWrite)
                .takeUntil(count -> count < 0)
                .takeUntilOther(exited)
                .reduce(0L, (sum, count) -> sum + (count < 0 ? ~count : count));
        return lock.withLock(all);
    }

    /** How many were written; the complement of that where nobody reads any more. */
    private long blockingWrite(byte[] bytes) {
        if (closed) {
            throw new IllegalStateException("stdin of " + command + " has been closed");
        }
        int at = 0;
        inside.incrementAndGet();
        try {
            while (at < bytes.length && !Thread.interrupted()) {
                int piece = Math.min(PIECE, bytes.length - at);
                out.write(bytes, at, piece);
                out.flush();
                at += piece;
            }
            return at;
        } catch (IOException e) {
            return ~at;
        } finally {
            if (inside.decrementAndGet() == 0) {
                onQuiet.run();
            }
        }
    }

    /** Ends the stream that the process reads. */
    Mono<Void> close() {
        return lock.withLock(Workers.POOL.call(() -> {
            closed = true;
            closeQuietly();
            return null;
        }));
    }

    private void closeQuietly() {
        try {
            out.close();
        } catch (IOException e) {
            // the other end has gone first, and all was flushed
        }
    }

    /** Writes {@code source} and closes; an error of the source is told to {@code onFailure}. */
    void pump(Publisher<byte[]> source, Consumer<? super Throwable> onFailure, ContextView context) {
        write(source).then(close()).contextWrite(context).subscribe(null, onFailure);
    }

    boolean isQuiet() {
        return inside.get() == 0;
    }

    /** After the exit, when nobody reads. */
    void closeIfQuiet() {
        if (isQuiet()) {
            closed = true;
            closeQuietly();
        }
    }
}
