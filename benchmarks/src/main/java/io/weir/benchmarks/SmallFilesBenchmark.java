package io.weir.benchmarks;

import io.vertx.core.Vertx;
import io.weir.files.AsyncFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.TearDown;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.core.io.buffer.DefaultDataBufferFactory;
import reactor.core.publisher.Flux;

/** Small files read whole, many at once; the score is the time for one. */
public class SmallFilesBenchmark extends CachedFiles {
    private static final int FILES = 20_000;
    private static final int SIZE = 4 << 10;

    /** How many files are read at once. */
    @Param("64")
    public int atOnce = 64;

    private List<Path> files = List.of();
    private Vertx vertx = Vertx.vertx();

    @Override
    void fill() throws IOException {
        byte[] noise = new byte[SIZE];
        new Random(1).nextBytes(noise);
        files = IntStream.range(0, FILES).mapToObj(i -> folder.resolve("f" + i)).toList();
        for (Path file : files) {
            Files.write(file, noise);
        }
    }

    @TearDown(Level.Trial)
    public void closeVertx() {
        vertx.close().await();
    }

    @Benchmark
    @OperationsPerInvocation(FILES)
    public @Nullable Object weir(FileEngine engine) {
        return Flux.fromIterable(files)
                .flatMap(AsyncFiles::readAllBytes, atOnce, 1)
                .reduce(0, (sum, bytes) -> sum + bytes.length)
                .block();
    }

    /** {@code Files.readAllBytes}, one file after another. */
    @Benchmark
    @OperationsPerInvocation(FILES)
    public int loop() throws IOException {
        int sum = 0;
        for (Path file : files) {
            sum += Files.readAllBytes(file).length;
        }
        return sum;
    }

    /** {@code fileSystem().readFile}. */
    @Benchmark
    @OperationsPerInvocation(FILES)
    public int vertx() throws InterruptedException {
        Semaphore places = new Semaphore(atOnce);
        AtomicInteger sum = new AtomicInteger();
        for (Path file : files) {
            places.acquire();
            vertx.fileSystem().readFile(file.toString()).onComplete(read -> {
                sum.addAndGet(read.result().length());
                places.release();
            });
        }
        places.acquire(atOnce);
        return sum.get();
    }

    /** {@code DataBufferUtils}. */
    @Benchmark
    @OperationsPerInvocation(FILES)
    public @Nullable Object spring() {
        return Flux.fromIterable(files)
                .flatMap(
                        file -> DataBufferUtils.join(
                                DataBufferUtils.read(file, DefaultDataBufferFactory.sharedInstance, SIZE)),
                        atOnce,
                        1)
                .reduce(0, (sum, buffer) -> sum + released(buffer))
                .block();
    }

    private static int released(DataBuffer buffer) {
        int length = buffer.readableByteCount();
        DataBufferUtils.release(buffer);
        return length;
    }
}
