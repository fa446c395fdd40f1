package io.weir.benchmarks;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;

/** The work of {@link TaskBenchmark}, a virtual thread for each task. */
public class VirtualTaskBenchmark extends TaskWork {
    /** Started by one virtual thread, which joins them. */
    @Benchmark
    @OperationsPerInvocation(TASKS)
    public void virtualThreads() throws InterruptedException {
        VirtualThreads.start(1, t -> VirtualThreads.start(TASKS, i -> body.run()).join())
                .join();
    }
}
