package io.weir.benchmarks;

import java.util.Collections;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ForkJoinPool;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** A million tasks that do nothing, started on a pool and joined; the score is the time for one. */
public class TaskBenchmark extends TaskWork {
    private ForkJoinPool pool = ForkJoinPool.commonPool();

    @Override
    void prepare() {
        pool = new ForkJoinPool(threads, ForkJoinPool.defaultForkJoinWorkerThreadFactory, null, true);
    }

    @Override
    void release() {
        pool.shutdown();
    }

    /** {@code subscribeOn(Schedulers.parallel())}, in one {@code Mono.when}: with {@code flatMap} it takes minutes. */
    @Benchmark
    @OperationsPerInvocation(TASKS)
    public @Nullable Object subscribeOnParallel() {
        Mono<Object> task = Mono.fromRunnable(body).subscribeOn(Schedulers.parallel());
        return Mono.when(Collections.nCopies(TASKS, task)).block();
    }

    /** Kotlin's {@code launch} on {@code Dispatchers.Default}. */
    @Benchmark
    @OperationsPerInvocation(TASKS)
    public void kotlinLaunch() {
        KotlinPeer.launchAll(TASKS, body);
    }

    /** {@code runAsync} on a work-stealing pool, and {@code allOf}. */
    @Benchmark
    @OperationsPerInvocation(TASKS)
    public void completableFuture() {
        CompletableFuture<?>[] all = new CompletableFuture<?>[TASKS];
        for (int i = 0; i < TASKS; i++) {
            all[i] = CompletableFuture.runAsync(body, pool);
        }
        CompletableFuture.allOf(all).join();
    }
}
