package io.weir.benchmarks;

import io.vertx.core.Vertx;
import io.vertx.core.file.AsyncFile;
import io.vertx.core.file.OpenOptions;
import io.vertx.core.parsetools.RecordParser;
import io.weir.files.AsyncFiles;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.TearDown;
import org.springframework.core.ResolvableType;
import org.springframework.core.codec.StringDecoder;
import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.core.io.buffer.DefaultDataBufferFactory;

/** The lines of a large file as Strings; the score is the time for one. */
public class LinesBenchmark extends FileFolder {
    private static final int LINES = 1_000_000;
    private static final int CHUNK = 64 << 10;

    /** The bytes of a line, its ending included. */
    @Param({"64", "128"})
    public int length = 64;

    private Path log = Path.of("");
    private Vertx vertx = Vertx.vertx();

    @Override
    void fill() throws IOException {
        log = Files.writeString(folder.resolve("log"), ("x".repeat(length - 1) + "\n").repeat(LINES));
    }

    @TearDown
    public void closeVertx() {
        vertx.close().await();
    }

    @Benchmark
    @OperationsPerInvocation(LINES)
    public @Nullable Object weir(FileEngine engine) {
        return AsyncFiles.lines(log)
                .reduce(0, (sum, line) -> sum + line.length())
                .block();
    }

    /** {@code Files.lines}. */
    @Benchmark
    @OperationsPerInvocation(LINES)
    public int stream() throws IOException {
        try (Stream<String> lines = Files.lines(log)) {
            return lines.mapToInt(String::length).sum();
        }
    }

    /** {@code BufferedReader.readLine}. */
    @Benchmark
    @OperationsPerInvocation(LINES)
    public int loop() throws IOException {
        int sum = 0;
        try (BufferedReader reader = Files.newBufferedReader(log)) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                sum += line.length();
            }
        }
        return sum;
    }

    /** {@code RecordParser} on an {@code AsyncFile}. */
    @Benchmark
    @OperationsPerInvocation(LINES)
    public int vertx() {
        AsyncFile file = vertx.fileSystem()
                .open(log.toString(), new OpenOptions().setRead(true))
                .await();
        file.setReadBufferSize(CHUNK);
        CompletableFuture<Integer> sum = new CompletableFuture<>();
        int[] sums = new int[1];
        RecordParser.newDelimited("\n", file)
                .exceptionHandler(sum::completeExceptionally)
                .endHandler(end -> sum.complete(sums[0]))
                .handler(
                        line -> sums[0] += line.toString(StandardCharsets.UTF_8).length());
        int result = sum.join();
        file.close().await();
        return result;
    }

    /** {@code StringDecoder} behind {@code DataBufferUtils}. */
    @Benchmark
    @OperationsPerInvocation(LINES)
    public @Nullable Object spring() {
        return StringDecoder.textPlainOnly()
                .decode(
                        DataBufferUtils.read(log, DefaultDataBufferFactory.sharedInstance, CHUNK),
                        ResolvableType.forClass(String.class),
                        null,
                        null)
                .reduce(0, (sum, line) -> sum + line.length())
                .block();
    }
}
