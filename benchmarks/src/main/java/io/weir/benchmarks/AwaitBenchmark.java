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

/** Direct style beside Reactor's own ways: ten thousand awaits, steps or elements; the score is the time for one. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 2, time = 1)
@Measurement(iterations = 4, time = 1)
public class AwaitBenchmark {
    private static final int MANY = 10_000;

    Mono<Integer> just = Mono.just(1);
    Mono<Integer> hidden = Mono.just(1).hide();
    Flux<Integer> range = Flux.range(0, MANY).hide();

    @Benchmark
    @OperationsPerInvocation(MANY)
    public long awaitJust() {
        long sum = 0;
        for (int i = 0; i < MANY; i++) {
            sum += Coroutine.await(just);
        }
        return sum;
    }

    @Benchmark
    @OperationsPerInvocation(MANY)
    public long awaitHidden() {
        long sum = 0;
        for (int i = 0; i < MANY; i++) {
            sum += Coroutine.await(hidden);
        }
        return sum;
    }

    @Benchmark
    @OperationsPerInvocation(MANY)
    public long blockJust() {
        long sum = 0;
        for (int i = 0; i < MANY; i++) {
            sum += just.block();
        }
        return sum;
    }

    @Benchmark
    @OperationsPerInvocation(MANY)
    public long blockHidden() {
        long sum = 0;
        for (int i = 0; i < MANY; i++) {
            sum += hidden.block();
        }
        return sum;
    }

    @Benchmark
    @OperationsPerInvocation(MANY)
    public long kotlinAwaitJust() {
        return KotlinPeer.awaitMany(MANY, just);
    }

    @Benchmark
    @OperationsPerInvocation(MANY)
    public long kotlinAwaitHidden() {
        return KotlinPeer.awaitMany(MANY, hidden);
    }

    /** Start to finish of an empty body, one after the other. */
    @Benchmark
    public @Nullable Object async() {
        return Coroutine.async(() -> 1).block();
    }

    @Benchmark
    @OperationsPerInvocation(MANY)
    public @Nullable Object generate() {
        return Coroutine.<Integer>generate(out -> {
                    for (int i = 0; i < MANY; i++) {
                        out.yield(i);
                    }
                })
                .count()
                .block();
    }

    @Benchmark
    @OperationsPerInvocation(MANY)
    public @Nullable Object unfold() {
        return Generators.<Integer, Integer>unfold(
                        0, n -> Mono.just(new Step<>(n, n + 1 == MANY ? null : n + 1)))
                .count()
                .block();
    }

    @Benchmark
    @OperationsPerInvocation(MANY)
    public @Nullable Object fluxGenerate() {
        return Flux.<Integer, Integer>generate(() -> 0, (n, sink) -> {
                    sink.next(n);
                    if (n + 1 == MANY) {
                        sink.complete();
                    }
                    return n + 1;
                })
                .count()
                .block();
    }

    @Benchmark
    @OperationsPerInvocation(MANY)
    public long iterate() {
        long sum = 0;
        try (AsyncIterator<Integer> all = Coroutine.iterate(range)) {
            for (int next : all) {
                sum += next;
            }
        }
        return sum;
    }

    @Benchmark
    @OperationsPerInvocation(MANY)
    public long toIterable() {
        long sum = 0;
        for (int next : range.toIterable()) {
            sum += next;
        }
        return sum;
    }
}
