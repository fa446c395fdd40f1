package io.weir.benchmarks;

import io.weir.core.sync.AsyncSemaphore;
import io.weir.core.sync.Permit;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** A thousand tasks hand one permit on; the score is the time for one passage. */
public class SemaphoreBenchmark extends SemaphoreWork {
    /** {@code withPermit}, a Mono for each passage. */
    @Benchmark
    @OperationsPerInvocation(TASKS * ROUNDS)
    public @Nullable Object weirSemaphore() {
        AsyncSemaphore semaphore = AsyncSemaphore.of(1);
        Permit first = Objects.requireNonNull(semaphore.tryAcquire());
        Arrivals arrivals = new Arrivals();
        Mono<Void> body = Mono.fromRunnable(() -> inside++);
        return Flux.range(0, TASKS)
                .flatMap(
                        t -> Mono.defer(() -> {
                                    if (arrivals.last()) {
                                        first.release();
                                    }
                                    return new Loop(ROUNDS, i -> semaphore.withPermit(body));
                                })
                                .subscribeOn(scheduler()),
                        TASKS)
                .then(Mono.fromCallable(() -> inside))
                .block();
    }

    /** Kotlin's semaphore. */
    @Benchmark
    @OperationsPerInvocation(TASKS * ROUNDS)
    public long kotlinSemaphore() {
        return KotlinPeer.semaphore(TASKS, ROUNDS);
    }
}
