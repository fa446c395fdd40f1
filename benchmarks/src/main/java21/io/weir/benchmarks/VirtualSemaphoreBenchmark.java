package io.weir.benchmarks;

import java.util.concurrent.Semaphore;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;

/** The work of {@link SemaphoreBenchmark} with the JDK's semaphore on virtual threads. */
public class VirtualSemaphoreBenchmark extends SemaphoreWork {
    /** First come first served, as Weir's and Kotlin's are. */
    @Benchmark
    @OperationsPerInvocation(TASKS * ROUNDS)
    public long jdkSemaphoreFair() throws InterruptedException {
        return run(true);
    }

    /** Who runs may take the permit before those who wait: another and easier promise. */
    @Benchmark
    @OperationsPerInvocation(TASKS * ROUNDS)
    public long jdkSemaphore() throws InterruptedException {
        return run(false);
    }

    private long run(boolean fair) throws InterruptedException {
        Semaphore semaphore = new Semaphore(0, fair);
        Arrivals arrivals = new Arrivals();
        VirtualThreads.start(TASKS, t -> {
                    if (arrivals.last()) {
                        semaphore.release();
                    }
                    for (int i = 0; i < ROUNDS; i++) {
                        semaphore.acquire();
                        inside++;
                        semaphore.release();
                    }
                })
                .join();
        return inside;
    }
}
