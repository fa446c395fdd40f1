package io.weir.benchmarks;

import io.weir.core.coroutine.AsyncIterator;
import io.weir.core.coroutine.Coroutine;
import io.weir.core.coroutine.Generators;
import io.weir.core.coroutine.Generators.Step;
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

/** Streams of ten thousand elements, made and read in direct style and otherwise; the score is the time for one element. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 4, time = 1)
public class GeneratorBenchmark {
    private static final int MANY = 10_000;

    Flux<Integer> range = Flux.range(0, MANY).hide();
    Flux<Integer> fromAWorker = range.publishOn(Schedulers.parallel());

    Flux<Integer> weir = Coroutine.generate(out -> {
        for (int i = 0; i < MANY; i++) {
            out.yield(i);
        }
    });

    Flux<Integer> kotlin = KotlinPeer.generate(MANY);

    Flux<Integer> reactor = Flux.generate(() -> 0, (n, sink) -> {
        sink.next(n);
        if (n + 1 == MANY) {
            sink.complete();
        }
        return n + 1;
    });

    Flux<Integer> unfold =
            Generators.unfold(0, n -> Mono.just(new Step<>(n, n + 1 == MANY ? null : n + 1)));

    /** To a subscriber that takes all. */
    @Benchmark
    @OperationsPerInvocation(MANY)
    public @Nullable Object generateFast() {
        return weir.count().block();
    }

    @Benchmark
    @OperationsPerInvocation(MANY)
    public @Nullable Object kotlinFast() {
        return kotlin.count().block();
    }

    @Benchmark
    @OperationsPerInvocation(MANY)
    public @Nullable Object reactorFast() {
        return reactor.count().block();
    }

    @Benchmark
    @OperationsPerInvocation(MANY)
    public @Nullable Object unfoldFast() {
        return unfold.count().block();
    }

    /** To a subscriber on another thread, which asks for 256 and then for 192 at a time. */
    @Benchmark
    @OperationsPerInvocation(MANY)
    public @Nullable Object generateInBatches() {
        return weir.publishOn(Schedulers.parallel()).count().block();
    }

    @Benchmark
    @OperationsPerInvocation(MANY)
    public @Nullable Object kotlinInBatches() {
        return kotlin.publishOn(Schedulers.parallel()).count().block();
    }

    /** To a subscriber on another thread that asks for the next one when it has had one: each element waits. */
    @Benchmark
    @OperationsPerInvocation(MANY)
    public @Nullable Object generateSlow() {
        return weir.publishOn(Schedulers.parallel(), 1).count().block();
    }

    @Benchmark
    @OperationsPerInvocation(MANY)
    public @Nullable Object kotlinSlow() {
        return kotlin.publishOn(Schedulers.parallel(), 1).count().block();
    }

    @Benchmark
    @OperationsPerInvocation(MANY)
    public long iterate() {
        return sum(range);
    }

    @Benchmark
    @OperationsPerInvocation(MANY)
    public long toIterable() {
        return sumOfIterable(range);
    }

    @Benchmark
    @OperationsPerInvocation(MANY)
    public long kotlinCollect() {
        return KotlinPeer.iterate(range);
    }

    @Benchmark
    @OperationsPerInvocation(MANY)
    public long iterateFromAWorker() {
        return sum(fromAWorker);
    }

    @Benchmark
    @OperationsPerInvocation(MANY)
    public long toIterableFromAWorker() {
        return sumOfIterable(fromAWorker);
    }

    @Benchmark
    @OperationsPerInvocation(MANY)
    public long kotlinCollectFromAWorker() {
        return KotlinPeer.iterate(fromAWorker);
    }

    private static long sum(Flux<Integer> flux) {
        long sum = 0;
        try (AsyncIterator<Integer> all = Coroutine.iterate(flux)) {
            for (int next : all) {
                sum += next;
            }
        }
        return sum;
    }

    private static long sumOfIterable(Flux<Integer> flux) {
        long sum = 0;
        for (int next : flux.toIterable()) {
            sum += next;
        }
        return sum;
    }
}
