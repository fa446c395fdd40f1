package io.weir.benchmarks;

import io.weir.core.task.Gather;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import kotlinx.coroutines.Deferred;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.infra.Blackhole;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Gathering what is complete when asked, on one thread; the score is the time for one source. A {@code just} is a value that is
 * there; a {@code callable} is one that a function gives at once; a {@code defer} is a Mono that an operator hides.
 */
public class GatherCompleteBenchmark extends GatherWork {
    /** What the sources are. */
    @Param({"just", "callable", "defer"})
    public String kind = "just";

    private List<Integer> values = List.of();
    private List<Mono<Integer>> monos = List.of();
    private List<Deferred<Integer>> deferred = List.of();
    private List<CompletableFuture<Integer>> futures = List.of();

    @Override
    void prepare() {
        values = values();
        monos = values.stream().<Mono<Integer>>map(this::source).toList();
        deferred = KotlinPeer.completed(values);
        futures = values.stream().map(CompletableFuture::completedFuture).toList();
    }

    private Mono<Integer> source(Integer value) {
        return switch (kind) {
            case "just" -> Mono.just(value);
            case "callable" -> Mono.fromCallable(() -> value);
            case "defer" -> Mono.defer(() -> Mono.just(value));
            default -> throw new IllegalArgumentException(kind);
        };
    }

    private @Nullable Object each(Blackhole results, Supplier<Mono<?>> gather) {
        return new Loop(gathers(), i -> gather.get().doOnNext(results::consume)).block();
    }

    /** {@code Gather.failFast}. */
    @Benchmark
    @OperationsPerInvocation(TOTAL)
    public @Nullable Object weirFailFast(Blackhole results) {
        return each(results, () -> Gather.failFast(monos));
    }

    /** {@code Gather.settled}. */
    @Benchmark
    @OperationsPerInvocation(TOTAL)
    public @Nullable Object weirSettled(Blackhole results) {
        return each(results, () -> Gather.settled(monos));
    }

    /** {@code Mono.zip} of an Iterable. */
    @Benchmark
    @OperationsPerInvocation(TOTAL)
    public @Nullable Object monoZip(Blackhole results) {
        return each(results, () -> Mono.zip(monos, Arrays::asList));
    }

    /** {@code flatMap} and {@code collectList}. */
    @Benchmark
    @OperationsPerInvocation(TOTAL)
    public @Nullable Object fluxFlatMap(Blackhole results) {
        return each(
                results, () -> Flux.fromIterable(monos).flatMap(m -> m, sources).collectList());
    }

    /** The nearest that Reactor has to {@code settled}: each source materialized. */
    @Benchmark
    @OperationsPerInvocation(TOTAL)
    public @Nullable Object fluxMaterialize(Blackhole results) {
        return each(
                results,
                () -> Flux.fromIterable(monos)
                        .flatMap(Mono::materialize, sources)
                        .collectList());
    }

    /** Kotlin's {@code awaitAll}: of completed deferreds for {@code just}, or else of coroutines that do not leave the thread. */
    @Benchmark
    @OperationsPerInvocation(TOTAL)
    public long kotlinAwaitAll() {
        return kind.equals("just")
                ? KotlinPeer.awaitCompleted(deferred, gathers())
                : KotlinPeer.awaitUndispatched(values, gathers());
    }

    /** As {@link #kotlinAwaitAll}, in a {@code supervisorScope}, each with {@code runCatching}. */
    @Benchmark
    @OperationsPerInvocation(TOTAL)
    public long kotlinSettled() {
        return KotlinPeer.settleUndispatched(values, gathers());
    }

    /** {@code CompletableFuture.allOf}, and the list made from the futures. */
    @Benchmark
    @OperationsPerInvocation(TOTAL)
    public void completableFuture(Blackhole results) {
        for (int i = 0; i < gathers(); i++) {
            List<CompletableFuture<Integer>> all = futures;
            if (!kind.equals("just")) {
                all = new ArrayList<>(sources);
                for (Integer value : values) {
                    all.add(CompletableFuture.supplyAsync(() -> value, Runnable::run));
                }
            }
            results.consume(Futures.list(all));
        }
    }
}
