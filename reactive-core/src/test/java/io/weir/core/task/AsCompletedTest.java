package io.weir.core.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import reactor.core.Scannable;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;
import reactor.test.publisher.TestPublisher;

class AsCompletedTest {
    private static final IllegalStateException BOOM = new IllegalStateException("boom");

    private final TestPublisher<String> one = TestPublisher.create();
    private final TestPublisher<String> two = TestPublisher.create();
    private final TestPublisher<String> three = TestPublisher.create();

    private static <T> Completion<T> success(int index, T value) {
        return new Completion<>(index, new Outcome.Success<>(value));
    }

    @Test
    void completionsComeInTheOrderOfTheEnds() {
        StepVerifier.create(Gather.asCompleted(List.of(one.mono(), two.mono(), three.mono())))
                .then(() -> two.emit("two"))
                .expectNext(success(1, "two"))
                .then(() -> three.error(BOOM))
                .expectNext(new Completion<>(2, new Outcome.Failure<>(BOOM)))
                .then(one::complete)
                .expectNext(new Completion<>(0, new Outcome.Empty<>()))
                .verifyComplete();
    }

    @Test
    void noSourcesComplete() {
        StepVerifier.create(Gather.asCompleted(List.<Mono<String>>of())).verifyComplete();
    }

    @Test
    void nothingStartsBeforeARequestAndAllOnTheFirst() {
        StepVerifier.create(Gather.asCompleted(List.of(one.mono(), two.mono())), 0)
                .then(one::assertWasNotSubscribed)
                .thenRequest(1)
                .then(one::assertSubscribers)
                .then(two::assertSubscribers)
                .thenCancel()
                .verify();
        one.assertCancelled();
        two.assertCancelled();
    }

    @Nested
    class Demand {
        @Test
        void whatIsNotRequestedWaitsInItsOrder() {
            StepVerifier.create(Gather.asCompleted(List.of(one.mono(), two.mono(), Mono.just("three"))), 1)
                    .expectNext(success(2, "three"))
                    .then(() -> two.emit("two"))
                    .then(() -> one.emit("one"))
                    .thenRequest(1)
                    .expectNext(success(1, "two"))
                    .thenRequest(1)
                    .expectNext(success(0, "one"))
                    .verifyComplete();
        }

        @Test
        void whatWasNotDeliveredCountsAgainstTheBound() {
            AtomicInteger started = new AtomicInteger();
            for (boolean byCall : new boolean[] {true, false}) {
                started.set(0);
                Mono<Integer> source = Mono.fromCallable(started::incrementAndGet);
                List<Mono<Integer>> sources = Collections.nCopies(100, byCall ? source : source.hide());
                StepVerifier.create(Gather.asCompleted(3, sources), 1)
                        .expectNextCount(1)
                        .then(() -> assertThat(started).hasValue(4))
                        .thenRequest(2)
                        .expectNextCount(2)
                        .then(() -> assertThat(started).hasValue(6))
                        .thenCancel()
                        .verify();
            }
        }

        @Test
        void anEndlessIterableIsIteratedAsSourcesStart() {
            AtomicInteger made = new AtomicInteger();
            Iterable<Mono<Integer>> endless = () -> new Iterator<>() {
                @Override
                public boolean hasNext() {
                    return true;
                }

                @Override
                public Mono<Integer> next() {
                    return Mono.just(made.getAndIncrement()).hide();
                }
            };
            StepVerifier.create(Gather.asCompleted(4, endless).take(100_000))
                    .expectNextCount(100_000)
                    .verifyComplete();
            assertThat(made.get()).isBetween(100_000, 100_004);
        }
    }

    @Nested
    class AnEarlyEnd {
        private final List<Object> discarded = new ArrayList<>();

        @Test
        void cancelCancelsTheRestAndDiscardsWhatWaits() {
            StepVerifier.create(
                            Gather.asCompleted(List.of(one.mono(), two.mono(), three.mono()))
                                    .doOnDiscard(String.class, discarded::add),
                            1)
                    .then(() -> two.emit("two"))
                    .expectNext(success(1, "two"))
                    .then(() -> three.emit("three"))
                    .thenCancel()
                    .verify();
            one.assertCancelled();
            assertThat(discarded).containsExactly("three");
        }

        @Test
        void cancelInOnNextEmitsNoMore() {
            assertThat(Gather.asCompleted(List.of(Mono.just("a"), Mono.just("b"), one.mono()))
                            .take(1)
                            .collectList()
                            .block())
                    .containsExactly(success(0, "a"));
        }

        @Test
        void aValueWithoutCompletionIsDiscardedToo() {
            StepVerifier.create(Gather.asCompleted(List.of(Mono.fromDirect(one.flux())))
                            .doOnDiscard(String.class, discarded::add))
                    .then(() -> one.next("half"))
                    .thenCancel()
                    .verify();
            assertThat(discarded).containsExactly("half");
        }

        @Test
        void anIterableThatThrowsOnTheWayFailsAndCancelsTheRest() {
            Iterator<Mono<String>> some = List.of(one.mono(), Mono.just("a")).iterator();
            Iterable<Mono<String>> broken = () -> new Iterator<>() {
                @Override
                public boolean hasNext() {
                    return true;
                }

                @Override
                public Mono<String> next() {
                    if (some.hasNext()) {
                        return some.next();
                    }
                    throw BOOM;
                }
            };
            StepVerifier.create(Gather.asCompleted(broken).doOnDiscard(String.class, discarded::add), 1)
                    .expectNext(success(1, "a"))
                    .verifyErrorMessage("boom");
            one.assertCancelled();
        }

        @Test
        void aNullSourceFails() {
            StepVerifier.create(Gather.asCompleted(Arrays.asList(Mono.just("a"), null)))
                    .expectNext(success(0, "a"))
                    .verifyErrorMessage("a source is null");
        }

        @Test
        void aSubscriberThatThrowsGetsNoMoreAndTheRestIsCancelled() {
            assertThatThrownBy(() -> Gather.asCompleted(List.of(one.mono(), Mono.just("a")))
                            .subscribe(new BaseSubscriber<>() {
                                @Override
                                protected void hookOnNext(Completion<String> completion) {
                                    throw new StackOverflowError("fatal, so that Reactor rethrows it");
                                }
                            }))
                    .isInstanceOf(StackOverflowError.class);
            one.assertCancelled();
        }
    }

    @Test
    void aMillionSourcesNeedNoStack() {
        int million = 1_000_000;
        for (Mono<Integer> source : List.of(Mono.just(1), Mono.just(1).hide())) {
            List<Mono<Integer>> sources = Collections.nCopies(million, source);
            StepVerifier.create(Gather.asCompleted(sources).count())
                    .expectNext((long) million)
                    .verifyComplete();
            StepVerifier.create(Gather.asCompleted(3, sources).limitRate(10).count())
                    .expectNext((long) million)
                    .verifyComplete();
        }
    }

    @Test
    void sourcesThatEndOnManyThreadsAreAllTold() {
        for (int round = 0; round < 200; round++) {
            List<Mono<Integer>> sources = IntStream.range(0, 64)
                    .mapToObj(i -> Mono.just(i).publishOn(Schedulers.parallel()))
                    .toList();
            List<Integer> indexes = Gather.asCompleted(1 + round % 9, sources)
                    .limitRate(1 + round % 5)
                    .map(Completion::index)
                    .collectList()
                    .block();
            assertThat(indexes)
                    .containsExactlyInAnyOrderElementsOf(
                            IntStream.range(0, 64).boxed().toList());
        }
    }

    @Test
    void whatIsInFlightCanBeScanned() {
        List<Scannable> seen = new ArrayList<>();
        Gather.asCompleted(List.of(one.mono(), two.mono()))
                .doOnSubscribe(s -> seen.add(Scannable.from(s)))
                .subscribe();
        assertThat(seen.get(0).inners()).hasSize(2);
        two.emit("two");
        assertThat(seen.get(0).inners()).hasSize(1);
        assertThat(seen.get(0).name()).isEqualTo("gather");
        assertThat(seen.get(0).scan(Scannable.Attr.TERMINATED)).isFalse();
    }
}
