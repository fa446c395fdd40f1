package io.weir.core.offload;

import io.weir.core.debug.Assembly;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.ThreadFactory;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.util.context.ContextView;

/**
 * Runs calls that would hold up an event loop on a bounded pool of workers: {@code asyncio.to_thread}.
 *
 * <pre>{@code
 * Mono<Long> words = Offload.cpu(() -> countWords("to be or not to be"));
 * Mono<Integer> exit = Offload.blocking(process::waitFor);
 * }</pre>
 *
 * <p>There are two shared pools, {@link #blocking} for calls that wait and {@link #cpu} for calls that compute, and pools of
 * one's own with {@link #bounded}. Each runs a fixed number of calls at once and lets a fixed number wait; a call that finds both used up
 * is refused with {@link OffloadRejectedException}. Workers are daemons, named after the pool, started when needed and ended after a minute
 * without work. One that has just run out of work looks for more for some microseconds before it parks, so that calls that
 * follow one another wake no thread; a pool at rest uses no processor time.
 *
 * <p>The threads are not {@linkplain reactor.core.scheduler.NonBlocking marked} as those of an event loop, not even the {@code cpu} pool's: a call that computes may take
 * a lock, load a class or join a fork. One that blocks there costs one of its few threads, which {@link #cpuStatistics()} shows.
 */
public final class Offload implements AutoCloseable {
    private static final int CORES = Runtime.getRuntime().availableProcessors();
    private static final int SHARED_QUEUE = 100_000;
    private static final int BLOCKING_THREADS = 10 * CORES;
    private static final int BLOCKING_VIRTUAL_THREADS = Math.max(256, BLOCKING_THREADS);

    private final Pool pool;
    private final Scheduler scheduler;

    /** For the shared pools and for tests. */
    Offload(String name, int threads, int queueCapacity, Threads kind, boolean shared) {
        pool = new Pool(name, threads, queueCapacity, kind);
        scheduler = new PoolScheduler(pool, shared);
    }

    /** The shared pools, made when first used: a program that only computes starts no blocking workers. */
    private static final class Blocking {
        static final Offload OFFLOAD = create();

        private static Offload create() {
            Threads kind = Threads.forBlocking();
            int threads = kind == Threads.VIRTUAL ? BLOCKING_VIRTUAL_THREADS : BLOCKING_THREADS;
            return new Offload("weir-blocking", threads, SHARED_QUEUE, kind, true);
        }
    }

    private static final class Cpu {
        static final Offload OFFLOAD = new Offload("weir-cpu", CORES, SHARED_QUEUE, Threads.PLATFORM, true);
    }

    /**
     * Runs a call that waits, on the shared pool {@code weir-blocking}: on JDK 21 and newer on virtual threads, 256 calls at once or 10 a core,
     * whichever is more, before that on platform threads, 10 a core; 100 000 calls may wait.
     *
     * <p>As {@link #call}. The system property {@code weir.offload.virtualThreads=false}, read once, asks for platform threads on every JDK.
     *
     * @param call what to run, once per subscription
     * @param <T> what it returns
     * @return its result; empty for null
     */
    public static <T> Mono<T> blocking(Callable<? extends @Nullable T> call) {
        return Assembly.of(new CallMono<>(Offload::blockingPool, "offload.blocking", call));
    }

    /**
     * Runs a call that computes, on the shared pool {@code weir-cpu}: as many threads as cores, 100 000 calls may wait.
     *
     * <p>As {@link #call}.
     *
     * @param call what to run, once per subscription
     * @param <T> what it returns
     * @return its result; empty for null
     */
    public static <T> Mono<T> cpu(Callable<? extends @Nullable T> call) {
        return Assembly.of(new CallMono<>(Offload::cpuPool, "offload.cpu", call));
    }

    /**
     * The pool of {@link #blocking} as a Scheduler, for {@code subscribeOn} and {@code publishOn}; as {@link #scheduler()}.
     *
     * @return a scheduler; to dispose of it does nothing
     */
    public static Scheduler blockingScheduler() {
        return Blocking.OFFLOAD.scheduler;
    }

    /**
     * The pool of {@link #cpu} as a Scheduler, for {@code subscribeOn} and {@code publishOn}; as {@link #scheduler()}.
     *
     * @return a scheduler; to dispose of it does nothing
     */
    public static Scheduler cpuScheduler() {
        return Cpu.OFFLOAD.scheduler;
    }

    /**
     * What the pool of {@link #blocking} does and has done.
     *
     * @return a snapshot
     */
    public static Statistics blockingStatistics() {
        return Blocking.OFFLOAD.statistics();
    }

    /**
     * What the pool of {@link #cpu} does and has done.
     *
     * @return a snapshot
     */
    public static Statistics cpuStatistics() {
        return Cpu.OFFLOAD.statistics();
    }

    /**
     * A pool of one's own, on platform threads.
     *
     * @param name names the pool in errors and its threads
     * @param threads how many calls may run at once, at least 1
     * @param queueCapacity how many calls may wait, at least 1
     * @return an open pool; close it when done
     * @throws IllegalArgumentException if a number is less than 1, or {@code threads} more than a million
     */
    public static Offload bounded(String name, int threads, int queueCapacity) {
        return new Offload(name, threads, queueCapacity, Threads.PLATFORM, false);
    }

    /**
     * Makes threads for code that waits: virtual ones where the JDK has them, daemons else. For those who need a thread and no pool.
     *
     * @param name what the threads are called
     * @return makes threads that are not started yet
     */
    public static ThreadFactory threads(String name) {
        Threads kind = Threads.forBlocking();
        return body -> kind.create(name, body);
    }

    /**
     * Whether {@link #blocking} and {@link #threads} use virtual threads: on JDK 21 and newer, unless the system property
     * {@code weir.offload.virtualThreads} is {@code false}.
     *
     * @return true if they do
     */
    public static boolean hasVirtualThreads() {
        return Threads.forBlocking() == Threads.VIRTUAL;
    }

    /**
     * Has {@code call} see the thread locals that belong to {@code context}, wherever it is run: those known to {@code io.micrometer:context-propagation},
     * if that is on the class path, from the Context or else from the thread that asks now.
     *
     * @param call what is to be run elsewhere
     * @param context a subscriber's Context
     * @param <T> what it returns
     * @return the call with its thread locals; {@code call} itself where there are none
     */
    public static <T> Callable<? extends @Nullable T> withThreadLocals(
            Callable<? extends @Nullable T> call, ContextView context) {
        return ThreadLocals.carriedTo(call, context);
    }

    /**
     * Runs {@code call} on a worker of this pool.
     *
     * <p>Emits what it returns and completes; completes empty if that is null. It enters the pool with the first request, once per subscription, and runs when a
     * worker is free; calls run in the order they entered. Signals arrive on that worker. Reactor's decorators
     * ({@code Schedulers.onScheduleHook}) apply to the call; thread locals known to {@code io.micrometer:context-propagation}, if that is on the class path,
     * are those of the subscriber's Context or else of the thread that requests.
     *
     * <p>Cancelled before it runs, it frees its place at once and never runs; cancelled while it runs, its thread is interrupted, and a
     * value that it returns all the same goes to the discard hook, an error to the dropped-error hook unless the interrupt is what it tells of. Only this call is interrupted:
     * the worker's next one starts with a clear flag. After its result has been told, a cancel does nothing.
     *
     * <p>Errors: {@link OffloadRejectedException} if the pool is full or closed, or else what {@code call} throws, checked exceptions as they are.
     *
     * <p>Bounds: {@code threads + queueCapacity} calls in the pool. A call has left it when it has returned, so that a subscriber may start
     * the next one from its signal; while a worker gives signals, it runs no other call.
     *
     * @param call what to run
     * @param <T> what it returns
     * @return its result
     */
    public <T> Mono<T> call(Callable<? extends @Nullable T> call) {
        return Assembly.of(new CallMono<>(this::pool, "offload." + pool.name, call));
    }

    /**
     * This pool as a Scheduler, for {@code subscribeOn} and {@code publishOn}. Each of its workers runs its tasks in order, one after the other.
     *
     * <p>Each task has a place in the pool's bound from when it is scheduled until it has run, a delayed one too, and a periodic one until it is disposed of. Full, it refuses
     * with {@link OffloadRejectedException}; closed, as every Reactor scheduler does. Its clock is {@code Schedulers.parallel()}. A task
     * that is disposed of while it runs is interrupted. {@code dispose} is {@link #closeNow}, {@code disposeGracefully} is {@link #close} and then {@link #terminated}.
     *
     * @return a scheduler that ends with this pool
     */
    public Scheduler scheduler() {
        return scheduler;
    }

    /**
     * What this pool does and has done.
     *
     * @return a snapshot; its numbers are read one after the other while the pool goes on
     */
    public Statistics statistics() {
        return pool.statistics();
    }

    /**
     * Refuses new calls; those that run or wait still run. Delayed and periodic tasks that are not due are given up. Closing again does nothing.
     *
     * <p>It does not wait: {@link #terminated} does.
     */
    @Override
    public void close() {
        pool.close();
    }

    /**
     * Refuses new calls, and those that wait too, with {@link OffloadRejectedException}; interrupts those that run, which then end as they end.
     *
     * <p>It does not wait: {@link #terminated} does. May follow {@link #close}.
     */
    public void closeNow() {
        pool.closeNow();
    }

    /**
     * Completes when this pool is closed and no call is in it any more. It does not close it.
     *
     * <p>Signals arrive on the worker that ended the last call, or on the thread that closed. Cancelling it has no effect on the pool. No errors.
     *
     * @return completion only
     */
    public Mono<Void> terminated() {
        return pool.terminated();
    }

    @Override
    public String toString() {
        Statistics now = statistics();
        return "Offload[" + now.name() + ", active: " + now.active() + "/" + now.threads() + ", queued: " + now.queued()
                + "/" + now.queueCapacity() + "]";
    }

    Pool pool() {
        return pool;
    }

    private static Pool blockingPool() {
        return Blocking.OFFLOAD.pool;
    }

    private static Pool cpuPool() {
        return Cpu.OFFLOAD.pool;
    }

    /**
     * What a pool does and has done since it was made. Calls and scheduled tasks are counted alike; each ends as one of done, failed, cancelled and rejected, and a
     * periodic task's runs are counted one by one.
     *
     * @param name the pool's name
     * @param threads how many may run at once
     * @param queueCapacity how many may wait
     * @param active how many run
     * @param queued how many wait to run, for a thread or for their time
     * @param done how many have returned
     * @param failed how many have thrown
     * @param cancelled how many were cancelled, before or while they ran
     * @param rejected how many were refused, because the pool was full or closed
     * @param busyTime how long workers were at work, all together: running calls, and giving their signals. Divided by the time that has passed
     *     and by {@code threads}, how much of the pool is used
     */
    public record Statistics(
            String name,
            int threads,
            int queueCapacity,
            int active,
            int queued,
            long done,
            long failed,
            long cancelled,
            long rejected,
            Duration busyTime) {}
}
