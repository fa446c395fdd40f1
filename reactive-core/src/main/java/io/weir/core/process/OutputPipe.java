package io.weir.core.process;

import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Operators;
import reactor.util.context.Context;

/** The process's stdout or stderr: read by one subscriber, once. */
final class OutputPipe {
    /** How long a read may go on in silence after the process has exited: something else has the pipe open then. */
    static final int DRAIN_MILLIS = 200;

    private final Command command;
    private final String stream;
    private final String label;
    private final InputStream in;
    private final Runnable onQuiet;
    private final AtomicBoolean taken = new AtomicBoolean();
    private final AtomicInteger inside = new AtomicInteger();
    private volatile boolean exited;
    private volatile @Nullable PipeSubscription<?> reader;

    /** @param onQuiet called whenever no thread is in a read any more */
    OutputPipe(Command command, String stream, String label, InputStream in, Runnable onQuiet) {
        this.command = command;
        this.stream = stream;
        this.label = "process." + stream + " " + label;
        this.in = in;
        this.onQuiet = onQuiet;
    }

    Flux<byte[]> bytes() {
        return PipeFlux.create(this, Chunks.Bytes::new);
    }

    Flux<String> lines() {
        return PipeFlux.create(this, () -> new Lines(command, stream));
    }

    String label() {
        return label;
    }

    <T> void subscribe(Chunks<T> chunks, CoreSubscriber<? super T> subscriber) {
        if (!taken.compareAndSet(false, true)) {
            Operators.error(
                    subscriber,
                    new IllegalStateException(
                            stream + " of " + command + " has had its subscriber, or has been closed"));
            return;
        }
        PipeSubscription<T> subscription = new PipeSubscription<>(this, chunks, subscriber);
        reader = subscription;
        subscriber.onSubscribe(subscription);
    }

    /** Waits for bytes. */
    int read(byte[] buffer) throws IOException {
        inside.incrementAndGet();
        try {
            return in.read(buffer);
        } finally {
            if (inside.decrementAndGet() == 0) {
                onQuiet.run();
            }
        }
    }

    ProcessIoException failure(IOException e) {
        return new ProcessIoException(command, "reading " + stream + " failed", e);
    }

    boolean isQuiet() {
        return inside.get() == 0;
    }

    boolean hasExited() {
        return exited;
    }

    /** The process has: what is read from now on must come soon. */
    void exited() {
        exited = true;
        PipeSubscription<?> reading = reader;
        if (reading != null) {
            reading.bound();
        }
    }

    /** The reader has gone: it is not kept. */
    void forget() {
        reader = null;
    }

    /** After the exit: nobody will read it who has not begun. */
    void closeIfUnread() {
        if (taken.compareAndSet(false, true)) {
            close();
        }
    }

    /** Closes this end; who writes to it on gets a SIGPIPE. Only where no read goes on. */
    void close() {
        try {
            in.close();
        } catch (IOException e) { // nothing was to be flushed, and the descriptor is gone
            Operators.onErrorDropped(e, Context.empty());
        }
    }
}
