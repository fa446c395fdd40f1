package io.weir.core.coroutine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Operators;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;

class AsyncIteratorTest {
    @Test
    void aForLoopSeesEachElementInOrder() {
        for (int prefetch : new int[] {1, 2, 3, 256, Integer.MAX_VALUE}) {
            long expected = 0;
            try (AsyncIterator<Long> all = Coroutine.iterate(
                    Flux.range(0, 20_000).map(i -> (long) i).publishOn(Schedulers.parallel()), prefetch)) {
                for (long next : all) {
                    assertThat(next).isEqualTo(expected++);
                }
            }
            assertThat(expected).isEqualTo(20_000);
        }
    }

    @Test
    void whatCameBeforeTheErrorIsGivenFirst() {
        List<Integer> seen = new ArrayList<>();
        assertThatThrownBy(() -> {
                    try (AsyncIterator<Integer> all =
                            Coroutine.iterate(Flux.just(1, 2).concatWith(Mono.error(new IOException("broken"))))) {
                        all.forEachRemaining(seen::add);
                    }
                })
                .isInstanceOf(IOException.class)
                .hasMessage("broken");
        assertThat(seen).containsExactly(1, 2);
    }

    @Test
    void anEmptyOneHasNothing() {
        try (AsyncIterator<Integer> none = Coroutine.iterate(Flux.<Integer>empty())) {
            assertThat(none.hasNext()).isFalse();
            assertThatThrownBy(none::next).isInstanceOf(NoSuchElementException.class);
        }
    }

    @Test
    void closingEarlyCancelsAndDiscardsWhatIsHeld() {
        AtomicBoolean cancelled = new AtomicBoolean();
        List<Object> discarded = Collections.synchronizedList(new ArrayList<>());
        StepVerifier.create(Coroutine.async(() -> {
                            try (AsyncIterator<Integer> all =
                                    Coroutine.iterate(Flux.range(0, 100).doOnCancel(() -> cancelled.set(true)), 4)) {
                                return all.next();
                            }
                        })
                        .contextWrite(context -> Operators.enableOnDiscard(context, discarded::add)))
                .expectNext(0)
                .verifyComplete();
        assertThat(cancelled).isTrue();
        assertThat(discarded).containsExactly(1, 2, 3);
    }

    @Test
    void noMoreThanThePrefetchIsAskedFor() {
        List<Long> requests = new ArrayList<>();
        try (AsyncIterator<Integer> all = Coroutine.iterate(Flux.range(0, 12).doOnRequest(requests::add), 8)) {
            assertThat(requests).containsExactly(8L);
            for (int i = 0; i < 6; i++) {
                all.next();
            }
            assertThat(requests).containsExactly(8L, 6L);
        }
    }

    @Test
    void aCancelEndsTheLoopAndThePublisher() throws Exception {
        CountDownLatch waiting = new CountDownLatch(1);
        CountDownLatch gone = new CountDownLatch(1);
        Disposable running = Coroutine.async(() -> {
                    int sum = 0;
                    try (AsyncIterator<Integer> all = Coroutine.iterate(
                            Flux.just(1).concatWith(Mono.never()).doOnCancel(gone::countDown))) {
                        for (int next : all) {
                            sum += next;
                            waiting.countDown();
                        }
                    }
                    return sum;
                })
                .subscribe();
        waiting.await();
        running.dispose();
        gone.await();
        CoroutineTest.awaitEmptyTree();
    }

    @Test
    void onAThreadThatMustNotBlockItSaysWhatToDo() {
        StepVerifier.create(
                        Mono.fromCallable(() -> Coroutine.iterate(Flux.never()).hasNext())
                                .subscribeOn(Schedulers.parallel()))
                .verifyErrorSatisfies(error -> assertThat(error).hasMessageContaining("iterating would block"));
    }

    @Test
    void aPublisherThatEmitsTooMuchFails() {
        assertThatThrownBy(() -> Coroutine.iterate(
                                subscriber -> {
                                    subscriber.onSubscribe(Operators.emptySubscription());
                                    for (int i = 0; i < 100; i++) {
                                        subscriber.onNext(i);
                                    }
                                },
                                4)
                        .forEachRemaining(element -> {}))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("more than the 4 elements asked for");
    }

    @Test
    void closedAtRandomMomentsEveryElementIsSeenOrDiscardedOnce() {
        for (int round = 0; round < 500; round++) {
            AtomicInteger made = new AtomicInteger();
            AtomicInteger accounted = new AtomicInteger();
            int most = round % 50;
            StepVerifier.create(Coroutine.async(() -> {
                                try (AsyncIterator<Integer> all = Coroutine.iterate(
                                        Flux.<Integer>generate(sink -> sink.next(made.incrementAndGet()))
                                                .subscribeOn(Schedulers.parallel()),
                                        8)) {
                                    for (int i = 0; i < most; i++) {
                                        all.next();
                                        accounted.incrementAndGet();
                                    }
                                }
                                return true;
                            })
                            .contextWrite(
                                    context -> Operators.enableOnDiscard(context, x -> accounted.incrementAndGet())))
                    .expectNext(true)
                    .expectComplete()
                    .verify(Duration.ofSeconds(20));
            long until = System.nanoTime() + 10_000_000_000L;
            while (accounted.get() != made.get() && System.nanoTime() < until) {
                Thread.onSpinWait();
            }
            assertThat(accounted.get()).isEqualTo(made.get());
        }
    }
}
