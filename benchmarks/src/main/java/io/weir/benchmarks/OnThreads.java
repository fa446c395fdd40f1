package io.weir.benchmarks;

import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * The same number of threads for everybody: a scheduler for Reactor and Weir, and the pools of {@code Dispatchers.Default} and of
 * the virtual threads, whose sizes are read once in a JVM's life, so that it needs a fork for each parameter.
 *
 * <p>A heap of one size, and a collector that has no threads of its own beside the benchmark's: on two cores G1's take a share
 * of the work's, now more and now less.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 2, time = 1)
@Measurement(iterations = 4, time = 1)
@Fork(
        value = 1,
        jvmArgsAppend = {"-Xms3g", "-Xmx3g", "-XX:+UseParallelGC"})
public abstract class OnThreads {
    /** How many threads carry the work; the one that waits for its end comes on top. */
    @Param("2")
    public int threads = 2;

    // Not even immediate() before start(): the class reads the pools' size when it is loaded.
    private @Nullable Scheduler scheduler;

    /** Before anything asks for the pools; then {@link #prepare}. */
    @Setup
    public void start() {
        String size = Integer.toString(threads);
        System.setProperty("kotlinx.coroutines.scheduler.core.pool.size", size);
        System.setProperty("jdk.virtualThreadScheduler.parallelism", size);
        System.setProperty("reactor.schedulers.defaultPoolSize", size);
        scheduler = Schedulers.newParallel("bench", threads);
        prepare();
    }

    /** Ends the threads. */
    @TearDown
    public void end() {
        release();
        scheduler().dispose();
    }

    /**
     * Makes what a benchmark needs, once the scheduler is there. Not a {@code @Setup} of its own: JMH sorts those by name, a
     * subclass's among its parent's.
     */
    void prepare() {}

    /** Ends what {@link #prepare} made. */
    void release() {}

    final Scheduler scheduler() {
        return Objects.requireNonNull(scheduler);
    }
}
