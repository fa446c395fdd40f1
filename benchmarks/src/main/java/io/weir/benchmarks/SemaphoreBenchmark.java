package io.weir.benchmarks;

import io.weir.core.sync.AsyncSemaphore;
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
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/** A thousand tasks hand one permit on; the score is the time for one passage. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
public class SemaphoreBenchmark {
    private static final int TASKS = 1000;
    private static final int ROUNDS = 200;

    private final Scheduler threads =
            Schedulers.newParallel("bench", Runtime.getRuntime().availableProcessors());
    private long inside;

    /** {@code withPermit}, a Mono for each passage. */
    @Benchmark
    @OperationsPerInvocation(TASKS * ROUNDS)
    public @Nullable Object weirSemaphore() {
        AsyncSemaphore semaphore = AsyncSemaphore.of(1);
        Mono<Void> body = Mono.fromRunnable(() -> inside++);
        return Flux.range(0, TASKS)
                .flatMap(
                        t -> Mono.defer(() -> new Loop(ROUNDS, i -> semaphore.withPermit(body)))
                                .subscribeOn(threads),
                        TASKS)
                .then()
                .block();
    }

    /** Kotlin's semaphore. */
    @Benchmark
    @OperationsPerInvocation(TASKS * ROUNDS)
    public long kotlinSemaphore() {
        return KotlinPeer.semaphore(TASKS, ROUNDS);
    }
}
