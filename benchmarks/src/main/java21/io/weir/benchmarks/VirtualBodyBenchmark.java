package io.weir.benchmarks;

import io.weir.core.coroutine.Coroutine;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Operators;

/** What {@link BodyBenchmark} does, with bare virtual threads; and two of them that wake each other in turn, bare and by {@code await}. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 4, time = 1)
public class VirtualBodyBenchmark {
    private static final int MANY = 1_000;

    @Benchmark
    @OperationsPerInvocation(MANY)
    public long startAndJoin() throws InterruptedException {
        long[] sum = new long[1];
        Thread.ofVirtual()
                .start(() -> {
                    for (int i = 0; i < MANY; i++) {
                        Thread body = Thread.ofVirtual().start(() -> sum[0]++);
                        try {
                            body.join();
                        } catch (InterruptedException e) {
                            throw new IllegalStateException(e);
                        }
                    }
                })
                .join();
        return sum[0];
    }

    /** Each thread awaits what the other one completes. */
    @Benchmark
    @OperationsPerInvocation(2 * MANY)
    public @Nullable Object handOff() {
        Cell[] there = cells();
        Cell[] back = cells();
        Mono<Long> other = Coroutine.async(() -> {
            long sum = 0;
            for (int i = 0; i < MANY; i++) {
                sum += Coroutine.await(there[i]);
                back[i].complete();
            }
            return sum;
        });
        Mono<Long> one = Coroutine.async(() -> {
            long sum = 0;
            for (int i = 0; i < MANY; i++) {
                there[i].complete();
                sum += Coroutine.await(back[i]);
            }
            return sum;
        });
        return Mono.zip(other, one, Long::sum).block();
    }

    /** The same by park and unpark alone. */
    @Benchmark
    @OperationsPerInvocation(2 * MANY)
    public long bareHandOff() throws InterruptedException {
        Turns turns = new Turns();
        turns.other = Thread.ofVirtual().unstarted(() -> turns.take(1));
        turns.one = Thread.ofVirtual().unstarted(() -> turns.take(0));
        turns.other.start();
        turns.one.start();
        turns.one.join();
        turns.other.join();
        return turns.turn;
    }

    private static Cell[] cells() {
        Cell[] cells = new Cell[MANY];
        for (int i = 0; i < MANY; i++) {
            cells[i] = new Cell();
        }
        return cells;
    }

    private static final class Turns {
        volatile int turn;
        Thread one = Thread.currentThread();
        Thread other = one;

        void take(int parity) {
            for (int mine = parity; mine < 2 * MANY; mine += 2) {
                while (turn != mine) {
                    LockSupport.park(this);
                }
                turn = mine + 1;
                LockSupport.unpark(parity == 0 ? other : one);
            }
        }
    }

    /** The least that may be completed once and awaited once. */
    private static final class Cell extends Mono<Integer> {
        private static final Object DONE = new Object();

        private final AtomicReference<@Nullable Object> waiting = new AtomicReference<>();

        @Override
        public void subscribe(CoreSubscriber<? super Integer> subscriber) {
            subscriber.onSubscribe(Operators.emptySubscription());
            if (!waiting.compareAndSet(null, subscriber)) {
                tell(subscriber);
            }
        }

        @SuppressWarnings("unchecked") // it came by subscribe
        void complete() {
            Object subscriber = waiting.getAndSet(DONE);
            if (subscriber != null) {
                tell((CoreSubscriber<? super Integer>) subscriber);
            }
        }

        private static void tell(CoreSubscriber<? super Integer> subscriber) {
            subscriber.onNext(1);
            subscriber.onComplete();
        }
    }
}
