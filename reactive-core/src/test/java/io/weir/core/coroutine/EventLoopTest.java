package io.weir.core.coroutine;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;

/** Bodies started, resumed, fed and cancelled by threads that must not block, under BlockHound: one that parks there is an error. */
class EventLoopTest {
    private static final Duration LONG = Duration.ofSeconds(60);
    private static final int LOOPS = 4;

    @AfterEach
    void noTaskIsLeft() {
        CoroutineTest.awaitEmptyTree();
    }

    @Test
    void manyLoopsStartBodiesAtOnceAndResumeThem() {
        Mono<Integer> hop = Mono.just(1).publishOn(Schedulers.parallel());
        StepVerifier.create(Flux.range(0, LOOPS)
                        .flatMap(i -> Flux.range(0, 5_000)
                                .subscribeOn(Schedulers.parallel())
                                .flatMap(
                                        j -> Coroutine.async(() -> Coroutine.await(hop) + Coroutine.await(hop)),
                                        Threads.PLATFORM / LOOPS))
                        .count())
                .expectNext(5_000L * LOOPS)
                .expectComplete()
                .verify(LONG);
    }

    @Test
    void manyLoopsDriveGenerators() {
        AtomicInteger ended = new AtomicInteger();
        Flux<Integer> generated = Coroutine.generate(out -> {
            try {
                for (int i = 0; ; i++) {
                    out.yield(i);
                }
            } finally {
                ended.incrementAndGet();
            }
        });
        int each = 200;
        StepVerifier.create(Flux.range(0, LOOPS * each)
                        .flatMap(
                                i -> generated
                                        .publishOn(Schedulers.parallel(), 4) // which requests and cancels there
                                        .take(20)
                                        .subscribeOn(Schedulers.parallel()),
                                Threads.PLATFORM / 4)
                        .count())
                .expectNext(20L * LOOPS * each)
                .expectComplete()
                .verify(LONG);
        long until = System.nanoTime() + LONG.toNanos();
        while (ended.get() != LOOPS * each && System.nanoTime() < until) {
            Thread.onSpinWait();
        }
        assertThat(ended).hasValue(LOOPS * each);
    }

    @Test
    void aLoopCancelsBodiesThatAwaitAndThatBlock() {
        AtomicInteger ended = new AtomicInteger();
        int many = 2_000;
        StepVerifier.create(Flux.range(0, many)
                        .flatMap(
                                i -> Coroutine.async(() -> {
                                            try {
                                                return Coroutine.await(Mono.never());
                                            } finally {
                                                ended.incrementAndGet();
                                            }
                                        })
                                        .timeout(Duration.ofMillis(1), Mono.just(0)),
                                32)
                        .count())
                .expectNext((long) many)
                .expectComplete()
                .verify(LONG);
        CoroutineTest.awaitEmptyTree();
        assertThat(Threads.running()).isZero();
        assertThat(ended).hasValueLessThanOrEqualTo(many);
    }
}
