package io.weir.benchmarks;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.weir.files.AsyncFiles;
import io.weir.files.CopyOptions;
import io.weir.files.ReadOptions;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;
import reactor.core.publisher.Flux;

/** Weir's files, on each engine; the score is the time for one chunk. */
public class FileBenchmark extends FileWork {
    @Param({"io_uring", "threads"})
    public String engine = "threads";

    /** Before the first file is asked for, which is when the engine is chosen. */
    @Setup(Level.Trial)
    public void chooseEngine() {
        System.setProperty("weir.files.engine", engine);
        if (!AsyncFiles.engine().equals(engine)) {
            throw new IllegalStateException("no " + engine + " here");
        }
    }

    /** A large file in chunks. */
    @Benchmark
    @OperationsPerInvocation(CHUNKS)
    public @Nullable Object sequential() {
        return AsyncFiles.read(large, ReadOptions.defaults().withChunkSize(CHUNK))
                .reduce(0, (sum, chunk) -> sum + released(chunk))
                .block();
    }

    /** A file written from buffers of a chunk. */
    @Benchmark
    @OperationsPerInvocation(CHUNKS)
    public @Nullable Object write() {
        ByteBuf chunk = Unpooled.directBuffer(CHUNK).writeZero(CHUNK);
        try {
            return AsyncFiles.write(target, Flux.range(0, CHUNKS).map(i -> chunk.retainedDuplicate()))
                    .block();
        } finally {
            chunk.release();
        }
    }

    /** A file copied. */
    @Benchmark
    @OperationsPerInvocation(CHUNKS)
    public @Nullable Object copy() {
        return AsyncFiles.copy(large, target, CopyOptions.defaults().replacing())
                .block();
    }

    private static int released(ByteBuf buffer) {
        int length = buffer.readableBytes();
        buffer.release();
        return length;
    }
}
