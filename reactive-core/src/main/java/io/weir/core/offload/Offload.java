package io.weir.core.offload;

import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * Runs calls that would hold up an event loop on a bounded pool of workers: {@code asyncio.to_thread}.
 *
 * <pre>{@code
 * Mono<Long> words = Offload.cpu(() -> countWords("to be or not to be"));
 * Mono<Integer> exit = Offload.blocking(process::waitFor);
 * }</pre>
 *
 * <p>There are two shared pools, {@link #blocking} for calls that wait and {@link #cpu} for calls that compute, and pools of
 * one's own with {@link #bounded}. Each has a fixed number of daemon threads, started when needed and ended after a minute
 * without work, and a bounded queue; a call that finds both full is refused with {@link OffloadRejectedException}.
 */
public final class Offload implements AutoCloseable {
    private static final int CORES = Runtime.getRuntime().availableProcessors();

    private final Workers workers;
    private final Scheduler scheduler;

    private Offload(String name, int threads, int queueCapacity) {
        workers = new Workers(name, threads, queueCapacity);
        scheduler = Schedulers.fromExecutorService(workers, name);
    }

    /** The shared pools, made when first used: a program that only computes starts no blocking workers. */
    private static final class Blocking {
        static final Offload POOL = new Offload("weir-blocking", 10 * CORES, 100_000);
    }

    private static final class Cpu {
        static final Offload POOL = new Offload("weir-cpu", CORES, 100_000);
    }

    /**
     * Runs a call that waits, on the shared pool {@code weir-blocking}: 10 threads a core, 100 000 calls queued.
     *
     * <p>As {@link #call}.
     *
     * @param call what to run, once per subscription
     * @param <T> what it returns
     * @return its result; empty for null
     */
    public static <T> Mono<T> blocking(Callable<? extends @Nullable T> call) {
        return new CallMono<>(null, call, true);
    }

    /**
     * Runs a call that computes, on the shared pool {@code weir-cpu}: as many threads as cores, 100 000 calls queued.
     *
     * <p>As {@link #call}.
     *
     * @param call what to run, once per subscription
     * @param <T> what it returns
     * @return its result; empty for null
     */
    public static <T> Mono<T> cpu(Callable<? extends @Nullable T> call) {
        return new CallMono<>(null, call, false);
    }

    /**
     * The pool of {@link #blocking} as a Scheduler, for {@code subscribeOn} and {@code publishOn}.
     *
     * @return a scheduler that must not be disposed
     */
    public static Scheduler blockingScheduler() {
        return Blocking.POOL.scheduler;
    }

    /**
     * The pool of {@link #cpu} as a Scheduler, for {@code subscribeOn} and {@code publishOn}.
     *
     * @return a scheduler that must not be disposed
     */
    public static Scheduler cpuScheduler() {
        return Cpu.POOL.scheduler;
    }

    /**
     * A pool of one's own.
     *
     * @param name names the pool in errors and its threads
     * @param threads how many calls may run at once, at least 1
     * @param queueCapacity how many calls may wait, at least 1
     * @return an open pool; close it when done
     * @throws IllegalArgumentException if a number is less than 1
     */
    public static Offload bounded(String name, int threads, int queueCapacity) {
        return new Offload(name, threads, queueCapacity);
    }

    /**
     * Runs {@code call} on a worker of this pool.
     *
     * <p>Emits what it returns and completes; completes empty if that is null. It runs once per subscription, when it
     * has been requested and a worker is free; signals arrive on that worker. Cancelled before it runs, it leaves the queue and never runs; cancelled while it
     * runs, its thread is interrupted, and a value that it returns all the same goes to the discard hook. Only this call is
     * interrupted: the worker's next one starts with a clear flag. Errors: {@link OffloadRejectedException} if the pool is full or
     * closed, or else what {@code call} throws, checked exceptions as they are.
     *
     * @param call what to run
     * @param <T> what it returns
     * @return its result
     */
    public <T> Mono<T> call(Callable<? extends @Nullable T> call) {
        return new CallMono<>(this, call, false);
    }

    /**
     * This pool as a Scheduler, for {@code subscribeOn} and {@code publishOn}; full, it refuses with
     * {@link OffloadRejectedException} as well. It has no clock: delays are refused.
     *
     * @return a scheduler that ends with this pool
     */
    public Scheduler scheduler() {
        return scheduler;
    }

    /** Refuses new calls; those that run or wait still run. Closing again does nothing. The shared pools have no close. */
    @Override
    public void close() {
        workers.shutdown();
    }

    @Override
    public String toString() {
        return "Offload[" + workers.load() + "]";
    }

    /** The pool to run on: {@code own}, or a shared one. */
    static Offload pool(@Nullable Offload own, boolean blocking) {
        if (own != null) {
            return own;
        }
        return blocking ? Blocking.POOL : Cpu.POOL;
    }

    Workers workers() {
        return workers;
    }
}
