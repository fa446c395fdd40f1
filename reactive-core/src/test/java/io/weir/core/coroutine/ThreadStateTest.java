package io.weir.core.coroutine;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.context.ContextRegistry;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;

/** What a body leaves behind on its thread, which before JDK 21 is the next one's: no flag, no user, no place taken. */
class ThreadStateTest {
    private static final Duration LONG = Duration.ofSeconds(30);

    @AfterEach
    void noTaskIsLeft() {
        CoroutineTest.awaitEmptyTree();
    }

    @Test
    void aFlagThatTheBodySetIsGoneWhenItsOutcomeIsTold() {
        for (int i = 0; i < 100; i++) {
            StepVerifier.create(Coroutine.async(() -> {
                                boolean before = Thread.currentThread().isInterrupted();
                                Thread.currentThread().interrupt();
                                return before;
                            })
                            .map(before -> before + " " + Thread.currentThread().isInterrupted()))
                    .expectNext("false false")
                    .expectComplete()
                    .verify(LONG);
        }
    }

    @Test
    void aRegisteredThreadLocalThatTheBodySetIsNotTheNextOnes() {
        ThreadLocal<String> user = new ThreadLocal<>();
        ContextRegistry.getInstance().registerThreadLocalAccessor("leaking user", user);
        try {
            for (int i = 0; i < 100; i++) {
                StepVerifier.create(Coroutine.async(() -> {
                            String before = "" + user.get();
                            user.set("ada");
                            return before;
                        }))
                        .expectNext("null")
                        .expectComplete()
                        .verify(LONG);
            }
        } finally {
            ContextRegistry.getInstance().removeThreadLocalAccessor("leaking user");
        }
    }

    /**
     * Ten thousand bodies that await, block, clean up, iterate and yield, each interrupted at a random moment: each start is matched by
     * an end, each subscription by its own, and each body finds a clear flag.
     */
    @Test
    void interruptedAtAnyStepNothingIsLeft() throws Exception {
        Random random = new Random(7);
        AtomicInteger started = new AtomicInteger();
        AtomicInteger ended = new AtomicInteger();
        AtomicInteger subscribed = new AtomicInteger();
        AtomicInteger gone = new AtomicInteger();
        AtomicInteger dirty = new AtomicInteger();
        AtomicInteger cut = new AtomicInteger();
        Mono<Integer> hop = Mono.just(1)
                .publishOn(Schedulers.parallel())
                .doOnSubscribe(s -> subscribed.incrementAndGet())
                .doFinally(end -> gone.incrementAndGet());
        Runnable entered = () -> {
            started.incrementAndGet();
            CoroutineRun<?> run = CoroutineRun.current();
            if (Thread.currentThread().isInterrupted() && !run.isCancelled()) {
                dirty.incrementAndGet();
            }
        };
        Flux<Integer> generated = Coroutine.generate(out -> {
            entered.run();
            try {
                for (int i = 0; i < 3; i++) {
                    out.yield(Coroutine.await(hop));
                }
            } finally {
                ended.incrementAndGet();
            }
        });
        Mono<Integer> body = Coroutine.async(() -> {
            entered.run();
            int sum = 0;
            try {
                sum += Coroutine.await(hop);
                new CountDownLatch(1).await(20, java.util.concurrent.TimeUnit.MICROSECONDS);
                try (AsyncIterator<Integer> all = Coroutine.iterate(generated, 2)) {
                    for (int next : all) {
                        sum += next;
                    }
                }
                return sum;
            } finally {
                try {
                    Coroutine.awaitShielded(LONG, hop);
                } catch (CoroutineCancelledException e) {
                    cut.incrementAndGet();
                }
                ended.incrementAndGet();
            }
        });
        int most = 64;
        Deque<Disposable> running = new ArrayDeque<>();
        for (int i = 0; i < 10_000; i++) {
            running.add(body.subscribe(value -> {}, error -> {}));
            for (int spin = random.nextInt(4000); spin > 0; spin--) {
                Thread.onSpinWait();
            }
            if (running.size() == most || random.nextBoolean()) {
                running.remove().dispose();
            }
        }
        running.forEach(Disposable::dispose);
        CoroutineTest.awaitEmptyTree();
        long until = System.nanoTime() + LONG.toNanos();
        while ((started.get() != ended.get() || subscribed.get() != gone.get() || Threads.running() != 0)
                && System.nanoTime() < until) {
            Thread.onSpinWait();
        }
        assertThat(ended.get()).isEqualTo(started.get()).isPositive();
        assertThat(gone.get()).isEqualTo(subscribed.get()).isPositive();
        assertThat(Threads.running()).as("places taken").isZero();
        while (busy() != 0 && System.nanoTime() < until) {
            Thread.onSpinWait();
        }
        assertThat(busy()).as("threads still in a body").isZero();
        assertThat(dirty).as("bodies that found a flag").hasValue(0);
        assertThat(cut).as("clean-ups that were cut").hasValue(0);
    }

    /** Platform threads, the only ones that can be listed. */
    private static long busy() {
        return Thread.getAllStackTraces().values().stream()
                .filter(stack ->
                        Stream.of(stack).anyMatch(frame -> frame.getClassName().equals(CoroutineRun.class.getName())))
                .count();
    }
}
