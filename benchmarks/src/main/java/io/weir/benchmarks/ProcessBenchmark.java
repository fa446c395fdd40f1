package io.weir.benchmarks;

import io.weir.core.process.AsyncProcess;
import io.weir.core.process.Command;
import io.weir.core.process.ProcessResult;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** Other programs, started and read; the score is the time for one {@code true}, or for a MiB through {@code cat}. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@State(Scope.Benchmark)
public class ProcessBenchmark {
    private static final int PROCESSES = 200;
    private static final int AT_ONCE = 8;
    private static final int MEBIBYTES = 1024;
    private static final byte[] CHUNK = new byte[64 << 10];
    private static final int CHUNKS = MEBIBYTES * ((1 << 20) / CHUNK.length);

    /** {@code AsyncProcess.run}, 8 at once. */
    @Benchmark
    @OperationsPerInvocation(PROCESSES)
    public @Nullable Object spawnWeir() {
        Mono<ProcessResult> run = AsyncProcess.run(Command.of("true"));
        return Flux.range(0, PROCESSES).flatMap(i -> run, AT_ONCE).count().block();
    }

    /** {@code Process.waitFor} on {@code boundedElastic}, 8 at once. */
    @Benchmark
    @OperationsPerInvocation(PROCESSES)
    public @Nullable Object spawnJdk() {
        Mono<Integer> run = Mono.fromCallable(() -> {
            Process process = new ProcessBuilder("true").start();
            process.getOutputStream().close();
            process.getInputStream().readAllBytes();
            process.getErrorStream().readAllBytes();
            return process.waitFor();
        });
        return Flux.range(0, PROCESSES)
                .flatMap(i -> run.subscribeOn(Schedulers.boundedElastic()), AT_ONCE)
                .count()
                .block();
    }

    /** A GiB through {@code cat}, chunk by chunk. */
    @Benchmark
    @OperationsPerInvocation(MEBIBYTES)
    public @Nullable Object catWeir() {
        Command cat = Command.of("cat").withInput(Flux.range(0, CHUNKS).map(i -> CHUNK));
        return AsyncProcess.using(cat, process -> process.stdout().reduce(0L, (sum, chunk) -> sum + chunk.length))
                .block();
    }

    /** The same with the JDK's streams and two threads. */
    @Benchmark
    @OperationsPerInvocation(MEBIBYTES)
    public long catJdk() throws IOException, InterruptedException {
        Process process = new ProcessBuilder("cat").start();
        Thread writer = new Thread(() -> write(process.getOutputStream()));
        writer.start();
        long sum = 0;
        byte[] buffer = new byte[CHUNK.length];
        try (InputStream in = process.getInputStream()) {
            for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                sum += count;
            }
        }
        writer.join();
        process.waitFor();
        return sum;
    }

    private static void write(OutputStream to) {
        try (to) {
            for (int i = 0; i < CHUNKS; i++) {
                to.write(CHUNK);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
