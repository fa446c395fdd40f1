package io.weir.benchmarks;

import io.weir.core.sync.AsyncQueue;
import java.util.concurrent.TimeUnit;
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
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/** Elements through a queue, from some producers to some consumers; the score is the time for one element. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
public class QueueBenchmark {
    private static final int ELEMENTS = 240_000;

    /** Producers to consumers. */
    @Param({"1:1", "4:4", "1000:1"})
    public String shape = "1:1";

    /** The queue's bound; 0 is a rendezvous. */
    @Param({"64", "1", "0"})
    public int capacity = 64;

    private final Scheduler threads =
            Schedulers.newParallel("bench", Runtime.getRuntime().availableProcessors());

    private int producers() {
        return Integer.parseInt(shape.substring(0, shape.indexOf(':')));
    }

    private int consumers() {
        return Integer.parseInt(shape.substring(shape.indexOf(':') + 1));
    }

    private AsyncQueue<Integer> queue() {
        return capacity == 0 ? AsyncQueue.rendezvous() : AsyncQueue.bounded(capacity);
    }

    /** {@code putAll} to {@code asFlux}. */
    @Benchmark
    @OperationsPerInvocation(ELEMENTS)
    public @Nullable Object weirStreams() {
        AsyncQueue<Integer> queue = queue();
        int each = ELEMENTS / producers();
        Mono<Void> put = Flux.range(0, producers())
                .flatMap(p -> queue.putAll(Flux.range(0, each)).subscribeOn(threads), producers())
                .then(Mono.fromRunnable(queue::close));
        Flux<Long> take = Flux.range(0, consumers())
                .flatMap(c -> queue.asFlux().reduce(0L, (sum, i) -> sum + i).subscribeOn(threads), consumers());
        return Mono.zip(put.thenReturn(0), take.collectList()).block();
    }

    /** One {@code Mono} for each {@code put} and each {@code take}. */
    @Benchmark
    @OperationsPerInvocation(ELEMENTS)
    public @Nullable Object weirMonos() {
        AsyncQueue<Integer> queue = queue();
        int eachPut = ELEMENTS / producers();
        int eachTake = ELEMENTS / consumers();
        Mono<Void> put = Flux.range(0, producers())
                .flatMap(
                        p -> Mono.defer(() -> new Loop(eachPut, i -> queue.put(i)))
                                .subscribeOn(threads),
                        producers())
                .then();
        Mono<Void> take = Flux.range(0, consumers())
                .flatMap(
                        c -> Mono.defer(() -> new Loop(eachTake, i -> queue.take()))
                                .subscribeOn(threads),
                        consumers())
                .then();
        return Mono.when(put, take).block();
    }

    /** Kotlin's channel, a coroutine for each side. */
    @Benchmark
    @OperationsPerInvocation(ELEMENTS)
    public long kotlinChannel() {
        return KotlinPeer.channel(capacity, producers(), consumers(), ELEMENTS);
    }
}
