package io.weir.files;

import java.nio.charset.Charset;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/**
 * File operations on the io_urings of event loops where that is faster: files read whole, and open files. Streams and lines
 * are left to the threads, which are faster at copying out of the page cache, and so is any path that cannot be told to the
 * kernel byte for byte.
 */
final class RingEngine extends ThreadEngine {
    private static final FileSystem SYSTEM = FileSystems.getDefault();
    private static final int LONGEST_PATH = 4095;
    private static final char REPLACEMENT = '\uFFFD';

    private final Supplier<Scheduler> workers;
    private final Rings rings;
    private final Charset names = Charset.forName(System.getProperty("sun.jnu.encoding", "UTF-8"));

    RingEngine(Supplier<Scheduler> workers, Rings rings) {
        super(workers);
        this.workers = workers;
        this.rings = rings;
    }

    @Override
    String name() {
        return "io_uring";
    }

    @Override
    Mono<byte[]> readAllBytes(FileOperation operation, ReadOptions options) {
        return readWhole(operation, options, Function.identity(), super.readAllBytes(operation, options));
    }

    @Override
    Mono<String> readString(FileOperation operation, ReadOptions options) {
        return readWhole(
                operation,
                options,
                bytes -> new TextDecoder(operation, options).decodeFile(bytes),
                super.readString(operation, options));
    }

    @Override
    Mono<OpenFile> open(FileOperation operation, OpenOptions options) {
        byte[] name = name(operation.path());
        return name == null
                ? super.open(operation, options)
                : CallMono.create(
                        operation,
                        subscription ->
                                new RingOpening(operation, name, options, rings, workers.get(), subscription).start(),
                        ThreadEngine::close);
    }

    private <T> Mono<T> readWhole(
            FileOperation operation, ReadOptions options, Function<byte[], T> result, Mono<T> byThread) {
        byte[] name = name(operation.path());
        return name == null ? byThread : RingMono.create(operation, name, rings, options.maxSize(), result, byThread);
    }

    /** The path as the kernel takes it; null for one that is another file system's, or that was not decoded faithfully. */
    private byte @Nullable [] name(Path path) {
        if (path.getFileSystem() != SYSTEM) {
            return null;
        }
        String text = (path.isAbsolute() ? path : path.toAbsolutePath()).toString();
        if (text.indexOf(REPLACEMENT) >= 0) {
            return null;
        }
        byte[] name = text.getBytes(names);
        return name.length <= LONGEST_PATH ? name : null;
    }
}
