package io.weir.benchmarks;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.weir.files.AsyncFile;
import io.weir.files.OpenOptions;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.TearDown;
import reactor.core.publisher.Flux;

/** Blocks read all over a large file that is held open, each of them once; the score is the time for one. */
public class RandomReadBenchmark extends CachedFiles {
    private static final int READS = 40_000;
    private static final int BLOCK = 4 << 10;
    private static final int MEGABYTE = 1 << 20;
    private static final int MEGABYTES = 1 << 10;

    /** How many reads are under way. */
    @Param({"128", "1024"})
    public int atOnce = 128;

    private Path large = Path.of("");
    private long[] positions = {};
    private Vertx vertx = Vertx.vertx();
    private ExecutorService threads = Executors.newCachedThreadPool();

    @Override
    void fill() throws IOException {
        large = folder.resolve("large");
        Random random = new Random(1);
        byte[] noise = new byte[MEGABYTE];
        try (OutputStream content = Files.newOutputStream(large)) {
            for (int i = 0; i < MEGABYTES; i++) {
                random.nextBytes(noise);
                content.write(noise);
            }
        }
        positions = random.longs(0, (long) MEGABYTES * MEGABYTE / BLOCK)
                .distinct()
                .limit(READS)
                .map(block -> block * BLOCK)
                .toArray();
    }

    @TearDown(Level.Trial)
    public void close() {
        vertx.close().await();
        threads.shutdown();
    }

    @Benchmark
    @OperationsPerInvocation(READS)
    public @Nullable Object weir(FileEngine engine) {
        return AsyncFile.using(
                        large,
                        OpenOptions.read(),
                        file -> Flux.range(0, READS)
                                .flatMap(i -> file.read(positions[i], BLOCK), atOnce, 1)
                                .reduce(0, (sum, read) -> sum + released(read)))
                .block();
    }

    /** {@code FileChannel.read}, as many threads as there are reads under way. */
    @Benchmark
    @OperationsPerInvocation(READS)
    public int threads() throws IOException, InterruptedException, ExecutionException {
        AtomicInteger next = new AtomicInteger();
        try (FileChannel channel = FileChannel.open(large)) {
            int sum = 0;
            for (Future<Integer> part : threads.invokeAll(IntStream.range(0, atOnce)
                    .mapToObj(i -> (Callable<Integer>) () -> readSome(channel, next))
                    .toList())) {
                sum += part.get();
            }
            return sum;
        }
    }

    private int readSome(FileChannel channel, AtomicInteger next) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocateDirect(BLOCK);
        int sum = 0;
        for (int i = next.getAndIncrement(); i < READS; i = next.getAndIncrement()) {
            sum += channel.read(buffer.clear(), positions[i]);
        }
        return sum;
    }

    /** {@code AsyncFile.read}. */
    @Benchmark
    @OperationsPerInvocation(READS)
    public int vertx() throws InterruptedException {
        io.vertx.core.file.AsyncFile file = vertx.fileSystem()
                .open(large.toString(), new io.vertx.core.file.OpenOptions().setRead(true))
                .await();
        Semaphore places = new Semaphore(atOnce);
        AtomicInteger sum = new AtomicInteger();
        for (long position : positions) {
            places.acquire();
            file.read(Buffer.buffer(BLOCK), 0, position, BLOCK).onComplete(read -> {
                sum.addAndGet(read.result().length());
                places.release();
            });
        }
        places.acquire(atOnce);
        file.close().await();
        return sum.get();
    }
}
