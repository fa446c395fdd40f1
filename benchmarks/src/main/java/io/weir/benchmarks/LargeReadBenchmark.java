package io.weir.benchmarks;

import io.netty.buffer.ByteBuf;
import io.vertx.core.Vertx;
import io.vertx.core.file.AsyncFile;
import io.vertx.core.file.OpenOptions;
import io.weir.files.AsyncFiles;
import io.weir.files.ReadOptions;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.TearDown;
import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.core.io.buffer.DefaultDataBufferFactory;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Schedulers;

/** A large file read in chunks, from its beginning to its end. */
public class LargeReadBenchmark extends LargeFile {
    /** Bytes of a chunk. */
    @Param({"65536", "262144"})
    public int chunk = 1 << 16;

    private final Vertx vertx = Vertx.vertx();

    @TearDown(Level.Trial)
    public void closeVertx() {
        vertx.close().await();
    }

    @Benchmark
    public @Nullable Object weir() {
        return chunks().reduce(0L, (sum, bytes) -> sum + released(bytes)).block();
    }

    /** The chunks are used on another thread than the one that reads them. */
    @Benchmark
    public @Nullable Object weirHanded() {
        return chunks().publishOn(Schedulers.parallel())
                .reduce(0L, (sum, bytes) -> sum + released(bytes))
                .block();
    }

    private Flux<ByteBuf> chunks() {
        return AsyncFiles.read(large, ReadOptions.defaults().withChunkSize(chunk));
    }

    /** {@code FileChannel.read} into one buffer, on the calling thread. */
    @Benchmark
    public long loop() throws IOException {
        ByteBuffer buffer = ByteBuffer.allocateDirect(chunk);
        long sum = 0;
        try (FileChannel channel = FileChannel.open(large)) {
            for (int read = channel.read(buffer); read > 0; read = channel.read(buffer.clear())) {
                sum += read;
            }
        }
        return sum;
    }

    @Benchmark
    public @Nullable Object spring() {
        return DataBufferUtils.read(large, DefaultDataBufferFactory.sharedInstance, chunk)
                .reduce(0L, (sum, bytes) -> sum + bytes.readableByteCount())
                .block();
    }

    @Benchmark
    public long vertx() {
        CompletableFuture<Long> all = new CompletableFuture<>();
        long[] sum = {0};
        AsyncFile file = vertx.fileSystem()
                .open(large.toString(), new OpenOptions().setWrite(false).setCreate(false))
                .await();
        file.setReadBufferSize(chunk)
                .exceptionHandler(all::completeExceptionally)
                .endHandler(end -> all.complete(sum[0]))
                .handler(bytes -> sum[0] += bytes.length());
        long read = all.join();
        file.close().await();
        return read;
    }
}
