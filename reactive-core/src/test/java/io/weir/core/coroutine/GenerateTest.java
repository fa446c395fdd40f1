package io.weir.core.coroutine;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.testing.Tck;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscription;
import org.reactivestreams.tck.PublisherVerification;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;

class GenerateTest {
    private static final Duration LONG = Duration.ofSeconds(20);

    @Test
    void whatIsYieldedIsEmittedAndTheReturnCompletes() {
        StepVerifier.create(Coroutine.<Integer>generate(out -> {
                    for (int i = 0; i < 3; i++) {
                        out.yield(Coroutine.await(Mono.just(i).delayElement(Duration.ofMillis(1))));
                    }
                }))
                .expectNext(0, 1, 2)
                .verifyComplete();
    }

    @Test
    void anErrorComesAfterWhatWasYielded() {
        StepVerifier.create(Coroutine.<Integer>generate(out -> {
                    out.yield(1);
                    throw new IOException("page 2");
                }))
                .expectNext(1)
                .verifyErrorMessage("page 2");
    }

    @Test
    void yieldWaitsForDemand() {
        AtomicInteger yielded = new AtomicInteger();
        StepVerifier.create(
                        Coroutine.<Integer>generate(out -> {
                            for (int i = 0; i < 100; i++) {
                                yielded.incrementAndGet();
                                out.yield(i);
                            }
                        }),
                        0)
                .expectSubscription()
                .then(() -> assertThat(yielded).hasValue(0))
                .thenRequest(2)
                .expectNext(0, 1)
                .expectNoEvent(Duration.ofMillis(50))
                .then(() -> assertThat(yielded).hasValue(3)) // the third one waits
                .thenRequest(1)
                .expectNext(2)
                .thenCancel()
                .verify();
    }

    @Test
    void cancelRunsFinally() throws Exception {
        CountDownLatch ended = new CountDownLatch(1);
        List<String> log = Collections.synchronizedList(new ArrayList<>());
        StepVerifier.create(
                        Coroutine.<Integer>generate(out -> {
                            try {
                                for (int i = 0; ; i++) {
                                    out.yield(i);
                                }
                            } finally {
                                log.add("finally");
                                ended.countDown();
                            }
                        }),
                        3)
                .expectNext(0, 1, 2)
                .thenCancel()
                .verify();
        assertThat(ended.await(20, TimeUnit.SECONDS)).isTrue();
        assertThat(log).containsExactly("finally");
    }

    @Test
    void yieldBelongsToTheBodysThreadAndTime() {
        AtomicReference<Generator.Out<Integer>> kept = new AtomicReference<>();
        StepVerifier.create(Coroutine.<Integer>generate(kept::set)).verifyComplete();
        org.assertj.core.api.Assertions.assertThatThrownBy(() -> kept.get().yield(1))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("belongs to the thread");
    }

    @Test
    void aSlowSubscriberOnAnotherThreadGetsAllInOrder() {
        StepVerifier.create(Coroutine.<Integer>generate(out -> {
                            for (int i = 0; i < 100_000; i++) {
                                out.yield(i);
                            }
                        })
                        .publishOn(Schedulers.single(), 16)
                        .index()
                        .filter(pair -> pair.getT1() != pair.getT2().longValue())
                        .count())
                .expectNext(0L)
                .verifyComplete();
    }

    @Test
    void requestsFromManyThreadsAreAllServed() {
        int threads = 4;
        int each = 5_000;
        List<Integer> seen = Collections.synchronizedList(new ArrayList<>());
        CountDownLatch completed = new CountDownLatch(1);
        AtomicInteger inside = new AtomicInteger();
        AtomicInteger beside = new AtomicInteger();
        AtomicReference<Subscription> subscription = new AtomicReference<>();
        Coroutine.<Integer>generate(out -> {
                    for (int i = 0; i < threads * each; i++) {
                        out.yield(i);
                    }
                })
                .subscribe(new BaseSubscriber<>() {
                    @Override
                    protected void hookOnSubscribe(Subscription upstream) {
                        subscription.set(upstream);
                    }

                    @Override
                    protected void hookOnNext(Integer value) {
                        if (inside.getAndIncrement() != 0) {
                            beside.incrementAndGet();
                        }
                        seen.add(value);
                        inside.decrementAndGet();
                    }

                    @Override
                    protected void hookOnComplete() {
                        completed.countDown();
                    }
                });
        StepVerifier.create(Flux.range(0, threads)
                        .flatMap(i -> Flux.range(0, each)
                                .subscribeOn(Schedulers.parallel())
                                .doOnNext(n -> subscription.get().request(1)))
                        .then())
                .expectComplete()
                .verify(LONG);
        await(completed);
        assertThat(seen).isEqualTo(IntStream.range(0, threads * each).boxed().toList());
        assertThat(beside).as("elements beside another one").hasValue(0);
    }

    @Test
    void eachSubscriptionIsARunOfItsOwn() {
        AtomicInteger runs = new AtomicInteger();
        Flux<Integer> counting = Coroutine.generate(out -> {
            int run = runs.incrementAndGet();
            for (int i = 0; i < 100; i++) {
                out.yield(run);
                Coroutine.await(Mono.just(i).publishOn(Schedulers.parallel()));
            }
        });
        StepVerifier.create(counting.distinct()).expectNext(1).expectComplete().verify(LONG);
        StepVerifier.create(counting.take(1).repeat(2)) // after a cancel, too
                .expectNext(2, 3, 4)
                .expectComplete()
                .verify(LONG);
        StepVerifier.create(Flux.range(0, 8)
                        .flatMap(i -> counting.collectList().map(all -> {
                            assertThat(all)
                                    .hasSize(100)
                                    .containsOnly(all.get(0)); // beside each other, and nothing mixed
                            return all.get(0);
                        }))
                        .collectList())
                .assertNext(runsSeen -> assertThat(runsSeen).containsExactlyInAnyOrder(5, 6, 7, 8, 9, 10, 11, 12))
                .expectComplete()
                .verify(LONG);
        CoroutineTest.awaitEmptyTree();
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(20, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @TestFactory
    Stream<DynamicTest> generateKeepsTheRules() {
        return Tck.rules(new PublisherVerification<Long>(Tck.environment()) {
            @Override
            public Publisher<Long> createPublisher(long elements) {
                return Coroutine.generate(out -> {
                    for (long i = 0; i < elements; i++) {
                        out.yield(i);
                    }
                });
            }

            @Override
            public Publisher<Long> createFailedPublisher() {
                return null; // it fails with its body, which starts with the first request
            }
        });
    }

    @TestFactory
    Stream<DynamicTest> unfoldKeepsTheRules() {
        return Tck.rules(new PublisherVerification<Long>(Tck.environment()) {
            @Override
            public Publisher<Long> createPublisher(long elements) {
                return elements == 0
                        ? Generators.unfold(0L, n -> Mono.<Generators.Step<Long, Long>>empty())
                        : Generators.unfold(0L, n -> {
                            Mono<Generators.Step<Long, Long>> step =
                                    Mono.just(new Generators.Step<>(n, n + 1 == elements ? null : n + 1));
                            return n % 3 == 0 ? step.hide() : step;
                        });
            }

            @Override
            public Publisher<Long> createFailedPublisher() {
                return null;
            }
        });
    }

    @Test
    void unfoldGoesFromStateToStateWithOneStepInFlight() {
        AtomicInteger flying = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        Flux<Integer> flux = Generators.unfold(
                1,
                n -> Mono.just(new Generators.Step<>(n, n < 512 ? n * 2 : null))
                        .delayElement(Duration.ofNanos(1000))
                        .doOnSubscribe(s -> most.accumulateAndGet(flying.incrementAndGet(), Math::max))
                        .doOnTerminate(flying::decrementAndGet));
        StepVerifier.create(flux)
                .expectNext(1, 2, 4, 8, 16, 32, 64, 128, 256, 512)
                .verifyComplete();
        assertThat(most).hasValue(1);
    }

    @Test
    void unfoldTellsErrorsOfTheStepAndOfTheFunction() {
        StepVerifier.create(Generators.<Integer, Integer>unfold(
                        1,
                        n -> n == 1 ? Mono.just(new Generators.Step<>(n, 2)) : Mono.error(new IOException("step 2"))))
                .expectNext(1)
                .verifyErrorMessage("step 2");
        StepVerifier.create(Generators.<Integer, Integer>unfold(1, n -> {
                    throw new IllegalStateException("thrown");
                }))
                .verifyErrorMessage("thrown");
        StepVerifier.create(Generators.<Integer, Integer>unfold(
                        1,
                        n -> Mono.<Generators.Step<Integer, Integer>>error(new IOException("late"))
                                .hide()))
                .verifyErrorMessage("late");
    }

    @Test
    void aMillionStepsThatAreCompleteNeedNoStack() {
        StepVerifier.create(Generators.unfold(0, n -> {
                            Mono<Generators.Step<Integer, Integer>> step =
                                    Mono.just(new Generators.Step<>(n, n == 999_999 ? null : n + 1));
                            return n % 2 == 0 ? step : step.hide();
                        })
                        .count())
                .expectNext(1_000_000L)
                .verifyComplete();
    }

    @Test
    void cancelCancelsTheStepInFlight() {
        AtomicInteger cancelled = new AtomicInteger();
        Generators.unfold(
                        0, n -> Mono.<Generators.Step<Integer, Integer>>never().doOnCancel(cancelled::incrementAndGet))
                .subscribe()
                .dispose();
        assertThat(cancelled).hasValue(1);
    }

    private record Page(int number) {}

    private static Mono<Page> page(int number) {
        return number > 4 ? Mono.empty() : Mono.just(new Page(number)).hide();
    }

    @Test
    void pagesFollowEachOtherOnDemand() {
        AtomicInteger fetched = new AtomicInteger();
        Flux<Integer> pages = Generators.pages(page(1), p -> {
                    fetched.incrementAndGet();
                    return page(p.number() + 1);
                })
                .map(Page::number);
        StepVerifier.create(pages, 2)
                .expectNext(1, 2)
                .then(() -> assertThat(fetched).hasValue(1))
                .thenRequest(10)
                .expectNext(3, 4)
                .verifyComplete();
        StepVerifier.create(Generators.pages(Mono.<Page>empty(), p -> page(1))).verifyComplete();
    }
}
