package io.weir.benchmarks;

import io.weir.core.coroutine.Coroutine;
import io.weir.core.task.TaskGroup;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
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
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** Empty bodies from start to finish, one after the other, and waits for a worker of Reactor's; the score is the time for one. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 4, time = 1)
public class BodyBenchmark {
    private static final int MANY = 1_000;

    private final ExecutorService pool = Executors.newCachedThreadPool();

    Mono<Integer> hop = Mono.just(1).publishOn(Schedulers.parallel());

    @TearDown
    public void tearDown() {
        pool.shutdown();
    }

    /** Each body a group of its own, as it is where no task is in the Context. */
    @Benchmark
    @OperationsPerInvocation(MANY)
    public @Nullable Object startAndAwait() {
        return Coroutine.async(() -> {
                    long sum = 0;
                    for (int i = 0; i < MANY; i++) {
                        sum += Coroutine.await(Coroutine.async(() -> 1));
                    }
                    return sum;
                })
                .block();
    }

    /** A thousand tasks in one group, the most bodies at once that a pool has threads for. */
    @Benchmark
    @OperationsPerInvocation(MANY)
    public @Nullable Object startManyAndJoin() {
        return TaskGroup.failFast()
                .limit(64)
                .using(group -> {
                    for (int i = 0; i < MANY; i++) {
                        group.start("body", Coroutine.async(() -> 1));
                    }
                    return Mono.just(true);
                })
                .block();
    }

    /** A bare pool that makes a thread where none is idle, which is what bodies have before JDK 21. */
    @Benchmark
    @OperationsPerInvocation(MANY)
    public long pool() throws Exception {
        return pool.submit(() -> {
                    long sum = 0;
                    for (int i = 0; i < MANY; i++) {
                        sum += pool.submit(() -> 1).get();
                    }
                    return sum;
                })
                .get();
    }

    @Benchmark
    @OperationsPerInvocation(MANY)
    public long kotlinStartAndAwait() {
        return KotlinPeer.startAndAwait(MANY);
    }

    @Benchmark
    @OperationsPerInvocation(MANY)
    public @Nullable Object awaitAWorker() {
        return Coroutine.async(() -> {
                    long sum = 0;
                    for (int i = 0; i < MANY; i++) {
                        sum += Coroutine.await(hop);
                    }
                    return sum;
                })
                .block();
    }

    @Benchmark
    @OperationsPerInvocation(MANY)
    public long blockOnAWorker() {
        long sum = 0;
        for (int i = 0; i < MANY; i++) {
            sum += hop.blockOptional().orElseThrow();
        }
        return sum;
    }

    @Benchmark
    @OperationsPerInvocation(MANY)
    public long kotlinAwaitAWorker() {
        return KotlinPeer.awaitMany(MANY, hop);
    }
}
