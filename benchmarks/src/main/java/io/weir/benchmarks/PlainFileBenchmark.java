package io.weir.benchmarks;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;

/** The work of {@link FileBenchmark}, done by one thread in a loop. */
public class PlainFileBenchmark extends FileWork {
    /** {@code FileChannel.read} into one buffer. */
    @Benchmark
    @OperationsPerInvocation(CHUNKS)
    public int sequentialLoop() throws IOException {
        ByteBuffer buffer = ByteBuffer.allocateDirect(CHUNK);
        int sum = 0;
        try (FileChannel channel = FileChannel.open(large)) {
            for (int read = channel.read(buffer); read > 0; read = channel.read(buffer.clear())) {
                sum += read;
            }
        }
        return sum;
    }

    /** {@code FileChannel.write} out of one buffer. */
    @Benchmark
    @OperationsPerInvocation(CHUNKS)
    public long writeLoop() throws IOException {
        ByteBuffer buffer = ByteBuffer.allocateDirect(CHUNK);
        long sum = 0;
        try (FileChannel channel = FileChannel.open(
                target, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING)) {
            for (int i = 0; i < CHUNKS; i++) {
                sum += channel.write(buffer.clear());
            }
        }
        return sum;
    }

    /** {@code Files.copy}. */
    @Benchmark
    @OperationsPerInvocation(CHUNKS)
    public Path copyLoop() throws IOException {
        return Files.copy(large, target, StandardCopyOption.REPLACE_EXISTING);
    }
}
