package io.weir.core.coroutine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.weir.core.offload.Offload;
import io.weir.core.sync.AsyncEvent;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;

/** Many bodies at once: a hundred thousand on virtual threads, and as many as the pool has on the others. */
class LimitTest {
    private static final Duration LONG = Duration.ofSeconds(60);

    @AfterEach
    void noTaskIsLeft() {
        CoroutineTest.awaitEmptyTree();
    }

    @Test
    void aHundredThousandAreAliveAtOnceOnVirtualThreads() throws Exception {
        assumeTrue(Offload.hasVirtualThreads(), "a thread each: needs the virtual threads of JDK 21");
        int many = 100_000;
        CountDownLatch alive = new CountDownLatch(many);
        AsyncEvent gate = AsyncEvent.create();
        CountDownLatch ended = new CountDownLatch(many);
        LongAdder sum = new LongAdder();
        Mono<Integer> body = Coroutine.async(() -> {
            alive.countDown();
            Coroutine.await(gate.await());
            return 1;
        });
        for (int i = 0; i < many; i++) { // no flatMap, which looks at all its sources each time one of them emits
            body.doFinally(end -> ended.countDown()).subscribe(sum::add);
        }
        alive.await(); // none of them can have ended
        gate.set();
        assertThat(ended.await(LONG.toSeconds(), TimeUnit.SECONDS)).isTrue();
        assertThat(sum.sum()).isEqualTo(many);
    }

    @Test
    void asManyAsThePoolHasMayFollowEachOther() {
        assumeFalse(Offload.hasVirtualThreads(), "a pool has the platform threads of JDK 17 to 20");
        AtomicInteger running = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        StepVerifier.create(Flux.range(0, 20_000)
                        .flatMap(
                                i -> Coroutine.async(() -> {
                                    most.accumulateAndGet(running.incrementAndGet(), Math::max);
                                    running.decrementAndGet();
                                    return i;
                                }),
                                Threads.PLATFORM)
                        .count())
                .expectNext(20_000L)
                .expectComplete()
                .verify(LONG);
        assertThat(most).hasValueLessThanOrEqualTo(Threads.PLATFORM);
    }

    @Test
    void nestedAsDeeplyAsThePoolGoesAndOneDeeperIsToldAndNotStuck() {
        assumeFalse(Offload.hasVirtualThreads(), "a pool has the platform threads of JDK 17 to 20");
        StepVerifier.create(nested(Threads.PLATFORM))
                .expectNext(Threads.PLATFORM)
                .expectComplete()
                .verify(LONG);
        StepVerifier.create(nested(Threads.PLATFORM + 1))
                .expectErrorSatisfies(error -> assertThat(error)
                        .isInstanceOf(CoroutineRejectedException.class)
                        .hasMessageContaining("256 are running"))
                .verify(LONG);
        StepVerifier.create(nested(Threads.PLATFORM)) // and no place was lost
                .expectNext(Threads.PLATFORM)
                .expectComplete()
                .verify(LONG);
    }

    private static Mono<Integer> nested(int depth) {
        Mono<Integer> nested = Mono.just(0);
        for (int i = 0; i < depth; i++) {
            Mono<Integer> inner = nested;
            nested = Coroutine.async(() -> Coroutine.await(inner) + 1);
        }
        return nested;
    }
}
