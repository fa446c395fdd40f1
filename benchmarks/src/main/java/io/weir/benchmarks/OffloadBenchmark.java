package io.weir.benchmarks;

import io.weir.core.offload.Offload;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * Calls handed to other threads; the score is the time for one call. Each caller goes on where the result arrived, as operators
 * after it would.
 */
public class OffloadBenchmark extends OffloadWork {
    private final Mono<Integer> onCpu = Offload.cpu(() -> RESULT);
    private final Mono<Integer> onBlocking = Offload.blocking(() -> RESULT);

    private @Nullable Object calls(Mono<Integer> call) {
        return Flux.range(0, callers)
                .flatMap(c -> new Loop(callsEach(), i -> call), callers)
                .collectList()
                .block();
    }

    private static Mono<Integer> on(Scheduler scheduler) {
        return Mono.fromCallable(() -> RESULT).subscribeOn(scheduler);
    }

    /** {@code Offload.cpu}. */
    @Benchmark
    @OperationsPerInvocation(CALLS)
    public @Nullable Object weirCpu() {
        return calls(onCpu);
    }

    /** {@code Offload.blocking}. */
    @Benchmark
    @OperationsPerInvocation(CALLS)
    public @Nullable Object weirBlocking() {
        return calls(onBlocking);
    }

    /** {@code subscribeOn(Schedulers.boundedElastic())}. */
    @Benchmark
    @OperationsPerInvocation(CALLS)
    public @Nullable Object boundedElastic() {
        return calls(on(Schedulers.boundedElastic()));
    }

    /** {@code subscribeOn(Schedulers.parallel())}. */
    @Benchmark
    @OperationsPerInvocation(CALLS)
    public @Nullable Object parallel() {
        return calls(on(Schedulers.parallel()));
    }

    /** Kotlin's {@code withContext(Dispatchers.IO)}, called from {@code Dispatchers.Default}, with which it shares threads. */
    @Benchmark
    @OperationsPerInvocation(CALLS)
    public long kotlinWithContext() {
        return KotlinPeer.offload(callers, callsEach(), RESULT);
    }
}
