package io.weir.benchmarks;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.TearDown;

/** The work of {@link FileBenchmark}, done by one thread in a loop, and by Vert.x. */
public class PlainFileBenchmark extends FileWork {
    private final Vertx vertx = Vertx.vertx();

    @TearDown(Level.Trial)
    public void closeVertx() {
        vertx.close().await();
    }

    /** {@code Files.readAllBytes}, one file after another. */
    @Benchmark
    @OperationsPerInvocation(FILES)
    public int smallLoop() throws IOException {
        int sum = 0;
        for (Path file : small) {
            sum += Files.readAllBytes(file).length;
        }
        return sum;
    }

    /** {@code fileSystem().readFile}. */
    @Benchmark
    @OperationsPerInvocation(FILES)
    public int smallVertx() throws InterruptedException {
        Semaphore places = new Semaphore(AT_ONCE);
        AtomicInteger sum = new AtomicInteger();
        for (Path file : small) {
            places.acquire();
            vertx.fileSystem().readFile(file.toString()).onComplete(read -> {
                Buffer bytes = read.result();
                sum.addAndGet(bytes.length());
                places.release();
            });
        }
        places.acquire(AT_ONCE);
        return sum.get();
    }

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

    /** {@code FileChannel.read} at positions, one after another. */
    @Benchmark
    @OperationsPerInvocation(READS)
    public int randomLoop() throws IOException {
        ByteBuffer buffer = ByteBuffer.allocateDirect(SMALL);
        int sum = 0;
        try (FileChannel channel = FileChannel.open(large)) {
            for (long position : positions) {
                sum += channel.read(buffer.clear(), position);
            }
        }
        return sum;
    }

    /** {@code BufferedReader.readLine}. */
    @Benchmark
    @OperationsPerInvocation(LINES)
    public int linesLoop() throws IOException {
        int sum = 0;
        try (BufferedReader reader = Files.newBufferedReader(lines)) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                sum += line.length();
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
