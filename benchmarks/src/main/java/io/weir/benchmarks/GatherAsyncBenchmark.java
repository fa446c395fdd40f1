package io.weir.benchmarks;

import io.weir.core.offload.Offload;
import io.weir.core.task.Gather;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ForkJoinPool;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.infra.Blackhole;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Gathering what other threads complete: each source is a call that a pool runs. The score is the time for one source, the pool's
 * part included, so it says as much of the pool as of the gathering. Reactor's operators and Weir's are given the same
 * {@code subscribeOn} sources; the {@code …Offload} ones run on Weir's own pool.
 */
public class GatherAsyncBenchmark extends GatherWork {
    private List<Integer> values = List.of();
    private List<Mono<Integer>> onScheduler = List.of();
    private List<Mono<Integer>> onOffload = List.of();
    private ForkJoinPool pool = ForkJoinPool.commonPool();

    @Override
    void prepare() {
        values = values();
        onScheduler = values.stream()
                .map(value -> Mono.fromCallable(() -> value).subscribeOn(scheduler()))
                .toList();
        onOffload = values.stream().map(value -> Offload.cpu(() -> value)).toList();
        pool = new ForkJoinPool(threads, ForkJoinPool.defaultForkJoinWorkerThreadFactory, null, true);
    }

    @Override
    void release() {
        pool.shutdown();
    }

    private @Nullable Object each(Blackhole results, Supplier<Mono<?>> gather) {
        return new Loop(gathers(), i -> gather.get().doOnNext(results::consume)).block();
    }

    /** {@code Gather.failFast}. */
    @Benchmark
    @OperationsPerInvocation(TOTAL)
    public @Nullable Object weirFailFast(Blackhole results) {
        return each(results, () -> Gather.failFast(onScheduler));
    }

    /** {@code Gather.failFast} over Weir's own pool. */
    @Benchmark
    @OperationsPerInvocation(TOTAL)
    public @Nullable Object weirFailFastOffload(Blackhole results) {
        return each(results, () -> Gather.failFast(onOffload));
    }

    /** {@code Gather.settled}. */
    @Benchmark
    @OperationsPerInvocation(TOTAL)
    public @Nullable Object weirSettled(Blackhole results) {
        return each(results, () -> Gather.settled(onScheduler));
    }

    /** {@code Mono.zip} of an Iterable. */
    @Benchmark
    @OperationsPerInvocation(TOTAL)
    public @Nullable Object monoZip(Blackhole results) {
        return each(results, () -> Mono.zip(onScheduler, Arrays::asList));
    }

    /** {@code Mono.zip} over Weir's own pool, so that the gathering can be told from the pool. */
    @Benchmark
    @OperationsPerInvocation(TOTAL)
    public @Nullable Object monoZipOffload(Blackhole results) {
        return each(results, () -> Mono.zip(onOffload, Arrays::asList));
    }

    /**
     * {@code flatMap} and {@code collectList}. Refused for more than 1000 sources: each one that ends looks at all that run, so
     * that 100 000 take minutes.
     */
    @Benchmark
    @OperationsPerInvocation(TOTAL)
    public @Nullable Object fluxFlatMap(Blackhole results) {
        if (sources > 1000) {
            throw new IllegalStateException("flatMap takes minutes for " + sources + " sources at once");
        }
        return each(
                results,
                () -> Flux.fromIterable(onScheduler).flatMap(m -> m, sources).collectList());
    }

    /** Kotlin's {@code awaitAll} of what {@code async} started on {@code Dispatchers.Default}. */
    @Benchmark
    @OperationsPerInvocation(TOTAL)
    public long kotlinAwaitAll() {
        return KotlinPeer.awaitDispatched(values, gathers());
    }

    /** As {@link #kotlinAwaitAll}, in a {@code supervisorScope}, each with {@code runCatching}. */
    @Benchmark
    @OperationsPerInvocation(TOTAL)
    public long kotlinSettled() {
        return KotlinPeer.settleDispatched(values, gathers());
    }

    /** {@code CompletableFuture.allOf} over a work-stealing pool, waited for from outside. */
    @Benchmark
    @OperationsPerInvocation(TOTAL)
    public void completableFuture(Blackhole results) {
        for (int i = 0; i < gathers(); i++) {
            List<CompletableFuture<Integer>> all = new ArrayList<>(sources);
            for (Integer value : values) {
                all.add(CompletableFuture.supplyAsync(() -> value, pool));
            }
            results.consume(Futures.list(all));
        }
    }
}
