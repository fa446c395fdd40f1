package io.weir.benchmarks;

import io.weir.core.coroutine.Coroutine;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Operators;

/** A chain of ten thousand Monos that are complete when they are awaited; the score is the time for one. Each is another one, so nothing is folded away. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 4, time = 1)
public class AwaitBenchmark {
    private static final int MANY = 10_000;

    /** What is awaited: the first three are never subscribed; {@code bare} allocates nothing of its own. */
    @Param({"just", "callable", "empty", "hidden", "mapped", "bare"})
    String kind = "just";

    @SuppressWarnings("unchecked") // an array of a generic type
    Mono<Integer>[] monos = new Mono[MANY];

    @Setup
    public void setUp() {
        IntFunction<Mono<Integer>> source =
                switch (kind) {
                    case "just" -> Mono::just;
                    case "callable" -> n -> Mono.fromCallable(() -> n);
                    case "empty" -> n -> Mono.empty();
                    case "hidden" -> n -> Mono.just(n).hide();
                    case "mapped" -> n -> Mono.just(n).hide().map(i -> i);
                    default -> Bare::new;
                };
        for (int i = 0; i < MANY; i++) {
            monos[i] = source.apply(i % 100); // boxed already
        }
    }

    @Benchmark
    @OperationsPerInvocation(MANY)
    public long await() {
        long sum = 0;
        for (Mono<Integer> mono : monos) {
            sum += value(Coroutine.await(mono));
        }
        return sum;
    }

    /** In a body, as it is meant. */
    @Benchmark
    @OperationsPerInvocation(MANY)
    public @Nullable Object awaitInABody() {
        return Coroutine.async(this::await).block();
    }

    @Benchmark
    @OperationsPerInvocation(MANY)
    public long block() {
        long sum = 0;
        for (Mono<Integer> mono : monos) {
            sum += value(mono.block());
        }
        return sum;
    }

    @Benchmark
    @OperationsPerInvocation(MANY)
    public long kotlin() {
        return KotlinPeer.awaitEach(monos);
    }

    private static int value(@Nullable Integer value) {
        return value == null ? 0 : value;
    }

    private static final class Bare extends Mono<Integer> {
        private final Integer value;

        Bare(Integer value) {
            this.value = value;
        }

        @Override
        public void subscribe(CoreSubscriber<? super Integer> subscriber) {
            subscriber.onSubscribe(Operators.emptySubscription());
            subscriber.onNext(value);
            subscriber.onComplete();
        }
    }
}
