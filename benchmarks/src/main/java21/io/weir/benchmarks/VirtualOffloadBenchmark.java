package io.weir.benchmarks;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;

/** The work of {@link OffloadBenchmark}, a new virtual thread for each call, waited for by another one. */
public class VirtualOffloadBenchmark extends OffloadWork {
    /** {@code submit} and {@code get}. */
    @Benchmark
    @OperationsPerInvocation(CALLS)
    public long virtualThreads() throws InterruptedException {
        long[] sums = new long[callers];
        try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
            VirtualThreads.start(callers, c -> {
                        long sum = 0;
                        for (int i = 0; i < callsEach(); i++) {
                            sum += executor.submit(() -> RESULT).get();
                        }
                        sums[c] = sum;
                    })
                    .join();
        }
        return VirtualThreads.sum(sums);
    }
}
