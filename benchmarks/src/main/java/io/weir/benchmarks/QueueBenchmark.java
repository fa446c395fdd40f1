package io.weir.benchmarks;

import io.weir.core.sync.AsyncQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ForkJoinPool;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Elements through a queue, from some producers to some consumers that add them up; the score is the time for one element. */
public class QueueBenchmark extends QueueWork {
    private ExecutorService pool = ForkJoinPool.commonPool();

    @Override
    void prepare() {
        pool = Executors.newFixedThreadPool(threads);
    }

    @Override
    void release() {
        pool.shutdown();
    }

    private AsyncQueue<Integer> queue() {
        return capacity == 0 ? AsyncQueue.rendezvous() : AsyncQueue.bounded(capacity);
    }

    /** {@code putAll} to {@code asFlux}. */
    @Benchmark
    @OperationsPerInvocation(ELEMENTS)
    public @Nullable Object weirStreams() {
        AsyncQueue<Integer> queue = queue();
        int each = putsEach();
        Mono<Void> put = Flux.range(0, producers())
                .flatMap(p -> queue.putAll(Flux.range(0, each)).subscribeOn(scheduler()), producers())
                .then(Mono.fromRunnable(queue::close));
        Flux<long[]> take = Flux.range(0, consumers())
                .flatMap(
                        c -> queue.asFlux()
                                .collect(() -> new long[1], (sum, i) -> sum[0] += i)
                                .subscribeOn(scheduler()),
                        consumers());
        return Mono.zip(put.thenReturn(0), take.collectList()).block();
    }

    /** One {@code Mono} for each {@code put} and each {@code take}. */
    @Benchmark
    @OperationsPerInvocation(ELEMENTS)
    public @Nullable Object weirMonos() {
        AsyncQueue<Integer> queue = queue();
        int puts = putsEach();
        int takes = takesEach();
        Flux<Long> put = Flux.range(0, producers())
                .flatMap(p -> new Loop(puts, i -> queue.put(i)).subscribeOn(scheduler()), producers());
        Flux<Long> take = Flux.range(0, consumers())
                .flatMap(c -> new Loop(takes, i -> queue.take()).subscribeOn(scheduler()), consumers());
        return Mono.zip(put.then(Mono.just(0)), take.collectList()).block();
    }

    /** Kotlin's channel on {@code Dispatchers.Default}, a coroutine for each side. */
    @Benchmark
    @OperationsPerInvocation(ELEMENTS)
    public long kotlinChannel() {
        return KotlinPeer.channel(capacity, producers(), consumers(), ELEMENTS, null);
    }

    /** Kotlin's channel on a fixed pool: in some shapes that is faster than its own. */
    @Benchmark
    @OperationsPerInvocation(ELEMENTS)
    public long kotlinChannelOnPool() {
        return KotlinPeer.channel(capacity, producers(), consumers(), ELEMENTS, pool);
    }
}
