package io.weir.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.infra.Blackhole;

/** The work of {@link GatherAsyncBenchmark}, a virtual thread for each source, gathered by another one. */
public class VirtualGatherAsyncBenchmark extends GatherWork {
    private List<Callable<Integer>> calls = List.of();

    @Override
    void prepare() {
        calls = values().stream().<Callable<Integer>>map(value -> () -> value).toList();
    }

    private void each(Blackhole results, Callable<List<Integer>> gather) throws InterruptedException {
        VirtualThreads.start(1, t -> {
                    for (int i = 0; i < gathers(); i++) {
                        results.consume(gather.call());
                    }
                })
                .join();
    }

    /** {@code invokeAll} of an executor with a thread for each task. */
    @Benchmark
    @OperationsPerInvocation(TOTAL)
    public void invokeAll(Blackhole results) throws InterruptedException {
        try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
            each(results, () -> {
                List<Integer> list = new ArrayList<>(sources);
                for (Future<Integer> future : executor.invokeAll(calls)) {
                    list.add(future.resultNow());
                }
                return list;
            });
        }
    }

    /** {@code StructuredTaskScope}: a preview of JDK 25, so it fails on another. */
    @Benchmark
    @OperationsPerInvocation(TOTAL)
    public void structuredTaskScope(Blackhole results) throws InterruptedException {
        each(results, () -> StructuredScope.gather(calls));
    }
}
