package io.weir.benchmarks;

import io.weir.core.offload.Offload;
import io.weir.core.task.TaskGroup;
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
    private Offload workers = Offload.bounded("tasks", 1, 1);

    @Override
    void prepare() {
        workers = Offload.bounded("tasks", threads, TASKS);
        pool = new ForkJoinPool(threads, ForkJoinPool.defaultForkJoinWorkerThreadFactory, null, true);
    }

    @Override
    void release() {
        pool.shutdown();
        workers.close();
    }

    /** Weir's tasks, each run where it is started: nothing asks for another thread. */
    @Benchmark
    @OperationsPerInvocation(TASKS)
    public @Nullable Object weirTasks() {
        Mono<Object> task = Mono.fromRunnable(body);
        return TaskGroup.using(group -> {
                    for (int i = 0; i < TASKS; i++) {
                        group.start("task", task);
                    }
                    return Mono.empty();
                })
                .block();
    }

    /** Weir's tasks, each on a pool's thread, as those of the peers are. */
    @Benchmark
    @OperationsPerInvocation(TASKS)
    public @Nullable Object weirTasksOffloaded() {
        Mono<Object> task = workers.call(() -> {
            body.run();
            return null;
        });
        return TaskGroup.using(group -> {
                    for (int i = 0; i < TASKS; i++) {
                        group.start("task", task);
                    }
                    return Mono.empty();
                })
                .block();
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
