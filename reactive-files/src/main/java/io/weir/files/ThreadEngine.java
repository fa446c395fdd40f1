package io.weir.files;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.StandardOpenOption;
import java.util.function.Supplier;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/**
 * File operations with blocking calls on worker threads. All that {@link AsyncFiles} knows of how a file is read or written
 * is this class. Another engine is a subclass: it does some of this in another way, and passes the same tests.
 */
class ThreadEngine {
    // Elements held at most while they wait to be written.
    private static final int BUFFERS_AHEAD = 64;
    private static final int LINES_AHEAD = 1024;

    private final Supplier<Scheduler> workers;

    /** The scheduler is looked up for each subscription. */
    ThreadEngine(Supplier<Scheduler> workers) {
        this.workers = workers;
    }

    String name() {
        return "threads";
    }

    Flux<ByteBuf> read(FileOperation operation, ReadOptions options) {
        return CursorFlux.create(operation, () -> new ChunkCursor(open(operation), options.chunkSize()), workers);
    }

    Flux<String> lines(FileOperation operation, ReadOptions options) {
        return CursorFlux.create(operation, () -> openLines(operation, options), workers);
    }

    Mono<byte[]> readAllBytes(FileOperation operation, ReadOptions options) {
        // Not next(): that would cancel, and emit before the file is closed.
        return CursorFlux.create(operation, () -> openWhole(operation, options), workers)
                .singleOrEmpty();
    }

    Mono<String> readString(FileOperation operation, ReadOptions options) {
        return readAllBytes(operation, options).map(bytes -> new TextDecoder(operation, options).decodeFile(bytes));
    }

    Mono<Long> write(FileOperation operation, Publisher<? extends ByteBuf> source, WriteOptions options) {
        return WriteMono.create(
                operation,
                source,
                BUFFERS_AHEAD,
                BufferBatch::new,
                () -> Target.open(operation.path(), options),
                workers);
    }

    Mono<Long> write(FileOperation operation, byte[] bytes, WriteOptions options) {
        return write(operation, Mono.fromSupplier(() -> Unpooled.wrappedBuffer(bytes)), options);
    }

    Mono<Long> write(FileOperation operation, CharSequence text, WriteOptions options) {
        return writeText(operation, Mono.just(text), "", options);
    }

    Mono<Long> writeLines(FileOperation operation, Publisher<? extends CharSequence> source, WriteOptions options) {
        return writeText(operation, source, "\n", options);
    }

    private Mono<Long> writeText(
            FileOperation operation, Publisher<? extends CharSequence> source, String ending, WriteOptions options) {
        return WriteMono.create(
                operation,
                source,
                LINES_AHEAD,
                () -> new TextBatch(operation, options.charset(), ending),
                () -> Target.open(operation.path(), options),
                workers);
    }

    Mono<OpenFile> open(FileOperation operation, OpenOptions options) {
        return CallMono.create(operation, subscription -> open(operation, options, subscription), ThreadEngine::close);
    }

    private void open(FileOperation operation, OpenOptions options, CallSubscription<OpenFile> subscription) {
        Scheduler pool = workers.get();
        ChannelFile[] opened = new ChannelFile[1];
        ChannelFile.Blocking open = () -> {
            opened[0] = new ChannelFile(FileChannel.open(operation.path(), options.asSet()), pool);
            return 0;
        };
        ChannelFile.call(pool, open, (done, failure) -> {
            if (failure != null) {
                subscription.fail(failure);
            } else {
                subscription.succeed(opened[0]);
            }
        });
    }

    /** One that was opened for nobody. */
    static void close(OpenFile file) {
        file.close((done, failure) -> {});
    }

    private static FileChannel open(FileOperation operation) throws IOException {
        return FileChannel.open(operation.path(), StandardOpenOption.READ);
    }

    private static Cursor<String> openLines(FileOperation operation, ReadOptions options) throws IOException {
        FileChannel channel = open(operation);
        try {
            long size = channel.size();
            // One byte more than the file holds, so that the read which finds the end needs no larger array.
            int firstRead = size > 0 && size < options.chunkSize() ? (int) size + 1 : options.chunkSize();
            return new LineCursor(channel, LineSplitter.of(operation, options, firstRead, 0));
        } catch (IOException | RuntimeException | Error e) {
            channel.close();
            throw e;
        }
    }

    private static Cursor<byte[]> openWhole(FileOperation operation, ReadOptions options) throws IOException {
        FileChannel channel = open(operation);
        try {
            return new WholeFileCursor(operation, channel, options, channel.size());
        } catch (IOException | RuntimeException | Error e) {
            channel.close();
            throw e;
        }
    }
}
