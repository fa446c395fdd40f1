package io.weir.benchmarks;

import io.weir.core.debug.Assembly;
import io.weir.core.debug.Diagnostics;
import io.weir.core.debug.DiagnosticsOptions;
import io.weir.core.sync.AsyncQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.Blackhole;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Operators;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * What looking for mistakes costs: never enabled, enabled and disabled again, for what Weir makes, and for all operators. The score is the
 * time for one. {@link #assembled} less {@link #plain}, both with {@code never}, is what diagnostics cost that are off; {@link #putAndTake}
 * is the cheapest that it is a part of.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(2)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class DiagnosticsBenchmark {
    private static final int MANY = 10_000;

    @Param({"never", "disabled", "weir", "all"})
    public String diagnostics = "";

    private final AsyncQueue<Integer> queue = AsyncQueue.unbounded();

    @Setup
    public void enable() {
        switch (diagnostics) {
            case "weir" -> Diagnostics.enable();
            case "all" -> Diagnostics.enable(DiagnosticsOptions.defaults().withAllOperators());
            case "disabled" -> Diagnostics.enable().dispose();
            default -> {}
        }
    }

    @TearDown
    public void disable() {
        Diagnostics.disable();
    }

    /** The baseline: a Mono that knows nothing of diagnostics, made and subscribed. */
    @Benchmark
    public void plain(Blackhole sink) {
        new Answer().subscribe(new Reader(sink));
    }

    /** The same one, made as Weir makes its own. */
    @Benchmark
    public void assembled(Blackhole sink) {
        Assembly.of(new Answer()).subscribe(new Reader(sink));
    }

    private static final class Answer extends Mono<Integer> {
        @Override
        public void subscribe(CoreSubscriber<? super Integer> actual) {
            actual.onSubscribe(Operators.scalarSubscription(actual, 42));
        }
    }

    private record Reader(Blackhole sink) implements CoreSubscriber<Integer> {
        @Override
        public void onSubscribe(Subscription upstream) {
            upstream.request(Long.MAX_VALUE);
        }

        @Override
        public void onNext(Integer answer) {
            sink.consume(answer);
        }

        @Override
        public void onError(Throwable error) {
            throw new IllegalStateException(error);
        }

        @Override
        public void onComplete() {}
    }

    /** A Mono of Weir's, made and subscribed. */
    @Benchmark
    public @Nullable Integer putAndTake() {
        queue.put(1).subscribe();
        return queue.tryTake();
    }

    /** Reactor's alone: four operators, made and subscribed. */
    @Benchmark
    public @Nullable Integer operators() {
        return Mono.fromCallable(() -> 1)
                .map(n -> n + 1)
                .filter(n -> n > 0)
                .defaultIfEmpty(0)
                .block();
    }

    /** An element that goes through operators that stand: no assembly. */
    @Benchmark
    @OperationsPerInvocation(MANY)
    public @Nullable Long elements() {
        return Flux.range(0, MANY)
                .hide()
                .map(n -> n + 1)
                .filter(n -> n > 0)
                .count()
                .block();
    }

    /** A task on one of Reactor's threads. */
    @Benchmark
    @OperationsPerInvocation(MANY)
    public void tasks() throws InterruptedException {
        CountDownLatch done = new CountDownLatch(MANY);
        Scheduler.Worker worker = Schedulers.parallel().createWorker();
        for (int i = 0; i < MANY; i++) {
            worker.schedule(done::countDown);
        }
        done.await();
        worker.dispose();
    }
}
