package io.weir.benchmarks;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.weir.files.AsyncFiles;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.TearDown;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.core.io.buffer.DefaultDataBufferFactory;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** A large file written out of direct buffers that are there already. */
public class LargeWriteBenchmark extends LargeFile {
    /** Bytes of a buffer. */
    @Param({"65536", "8192"})
    public int chunk = 1 << 16;

    private ByteBuf buffer = Unpooled.EMPTY_BUFFER;
    private int chunks;

    @Setup(Level.Trial)
    public void fillBuffer() {
        buffer = Unpooled.directBuffer(chunk).writeZero(chunk);
        chunks = (int) (((long) megabytes << 20) / chunk);
    }

    @TearDown(Level.Trial)
    public void releaseBuffer() {
        buffer.release();
    }

    @Benchmark
    public @Nullable Object weir() {
        return AsyncFiles.write(target, Flux.range(0, chunks).map(i -> buffer.retainedDuplicate()))
                .block();
    }

    /** {@code FileChannel.write} of one buffer after another, on the calling thread. */
    @Benchmark
    public long loop() throws IOException {
        ByteBuffer bytes = buffer.nioBuffer();
        long sum = 0;
        try (FileChannel channel =
                FileChannel.open(target, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            for (int i = 0; i < chunks; i++) {
                sum += channel.write(bytes.rewind());
            }
        }
        return sum;
    }

    /** The same on a thread of its own: the file was deleted, and the memory of its pages freed, by another. */
    @Benchmark
    public long loopElsewhere() {
        return Mono.fromCallable(this::loop).subscribeOn(Schedulers.boundedElastic()).blockOptional().orElseThrow();
    }

    @Benchmark
    public @Nullable Object spring() {
        DefaultDataBufferFactory factory = new DefaultDataBufferFactory(true);
        Flux<DataBuffer> source = Flux.range(0, chunks).map(i -> factory.wrap(buffer.nioBuffer()));
        return DataBufferUtils.write(source, target, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)
                .block();
    }
}
