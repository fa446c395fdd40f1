package io.weir.core.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;
import reactor.test.publisher.TestPublisher;

class GatherTest {
    private static final IllegalStateException BOOM = new IllegalStateException("boom");

    @Nested
    class FailFast {
        @Test
        void resultsComeInTheOrderOfTheSourcesWhicheverEndsFirst() {
            StepVerifier.withVirtualTime(() -> Gather.failFast(List.of(
                            Mono.delay(Duration.ofSeconds(3)).thenReturn("slow"),
                            Mono.delay(Duration.ofSeconds(1)).thenReturn("fast"),
                            Mono.just("now"))))
                    .expectSubscription()
                    .expectNoEvent(Duration.ofSeconds(3))
                    .expectNext(List.of("slow", "fast", "now"))
                    .verifyComplete();
        }

        @Test
        void anEmptySourceIsANullAndCancelsNobody() {
            assertThat(Gather.failFast(List.of(
                                    Mono.just(1),
                                    Mono.empty(),
                                    Mono.delay(Duration.ofMillis(5)).thenReturn(3)))
                            .block())
                    .containsExactly(1, null, 3);
        }

        @Test
        void noSourcesGiveAnEmptyList() {
            StepVerifier.create(Gather.failFast(List.<Mono<Integer>>of()))
                    .expectNext(List.of())
                    .verifyComplete();
        }

        @Test
        void theFirstErrorCancelsTheRestAndIsToldAtOnce() {
            TestPublisher<Integer> rest = TestPublisher.create();
            TestPublisher<Integer> failing = TestPublisher.create();
            StepVerifier.create(Gather.failFast(List.of(rest.mono(), failing.mono())))
                    .then(() -> failing.error(BOOM))
                    .verifyErrorSatisfies(e -> assertThat(e).isSameAs(BOOM));
            rest.assertCancelled();
            failing.assertNotCancelled();
        }

        @Test
        void aSourceAfterAnImmediateErrorIsNotStarted() {
            AtomicInteger started = new AtomicInteger();
            StepVerifier.create(Gather.failFast(List.of(
                            Mono.error(BOOM),
                            Mono.fromCallable(started::incrementAndGet),
                            Mono.defer(() -> Mono.just(started.incrementAndGet())))))
                    .verifyErrorMessage("boom");
            assertThat(started).hasValue(0);
        }

        @Test
        void laterErrorsAreSuppressedOnTheFirst() {
            IllegalStateException first = new IllegalStateException("first");
            IllegalStateException second = new IllegalStateException("second");
            TestPublisher<Integer> one = TestPublisher.createNoncompliant(TestPublisher.Violation.CLEANUP_ON_TERMINATE);
            TestPublisher<Integer> two = TestPublisher.createNoncompliant(TestPublisher.Violation.CLEANUP_ON_TERMINATE);
            StepVerifier.create(Gather.failFast(List.of(one.mono(), two.mono())))
                    .then(() -> one.error(first))
                    .verifyErrorSatisfies(e -> assertThat(e).isSameAs(first));
            two.error(second); // it did not heed the cancel
            assertThat(first.getSuppressed()).containsExactly(second);
        }

        @Test
        void checkedExceptionsArriveAsTheyAre() {
            IOException checked = new IOException("disk");
            StepVerifier.create(Gather.failFast(List.of(Mono.fromCallable(() -> {
                        throw checked;
                    }))))
                    .verifyErrorSatisfies(e -> assertThat(e).isSameAs(checked));
        }

        @Test
        void valuesGatheredBeforeAnErrorGoToTheDiscardHook() {
            List<Object> discarded = new ArrayList<>();
            StepVerifier.create(Gather.failFast(
                                    List.of(Mono.just("a"), Mono.just("b").hide(), Mono.error(BOOM)))
                            .doOnDiscard(String.class, discarded::add))
                    .verifyErrorMessage("boom");
            assertThat(discarded).containsExactly("a", "b");
        }

        @Test
        void cancelCancelsAllThatRunAndDiscardsWhatIsThere() {
            List<Object> discarded = new ArrayList<>();
            TestPublisher<String> running = TestPublisher.create();
            Gather.failFast(List.of(Mono.just("a"), running.mono()))
                    .doOnDiscard(String.class, discarded::add)
                    .subscribe()
                    .dispose();
            running.assertCancelled();
            assertThat(discarded).containsExactly("a");
        }

        @Test
        void aSourceThatHasEndedIsNotCancelled() {
            AtomicInteger cancels = new AtomicInteger();
            Mono<Integer> ends = Mono.just(1).hide().doOnCancel(cancels::incrementAndGet);
            Gather.failFast(List.of(ends, ends)).block();
            StepVerifier.create(Gather.failFast(List.of(ends, Mono.error(BOOM).hide())))
                    .verifyErrorMessage("boom");
            assertThat(cancels).hasValue(0);
        }

        @Test
        void isColdAndRunsTheSourcesOncePerSubscription() {
            AtomicInteger runs = new AtomicInteger();
            Mono<List<Integer>> gather = Gather.failFast(List.of(Mono.fromCallable(runs::incrementAndGet)));
            assertThat(runs).hasValue(0);
            gather.block();
            gather.block();
            assertThat(runs).hasValue(2);
        }

        @Test
        void aSourceThatThrowsOnSubscribeIsAnError() {
            Mono<Integer> rude = new Mono<>() {
                @Override
                public void subscribe(reactor.core.CoreSubscriber<? super Integer> subscriber) {
                    throw BOOM;
                }
            };
            StepVerifier.create(Gather.failFast(List.of(rude))).verifyErrorMessage("boom");
        }

        @Test
        void anIterableThatThrowsIsAnError() {
            Iterable<Mono<Integer>> broken = () -> {
                throw BOOM;
            };
            StepVerifier.create(Gather.failFast(broken)).verifyErrorMessage("boom");
        }

        @Test
        void nothingStartsBeforeItIsRequested() {
            AtomicInteger runs = new AtomicInteger();
            StepVerifier.create(Gather.failFast(List.of(Mono.fromCallable(runs::incrementAndGet))), 0)
                    .expectSubscription()
                    .then(() -> assertThat(runs).hasValue(0))
                    .thenRequest(1)
                    .expectNext(List.of(1))
                    .verifyComplete();
        }

        @Test
        void theContextReachesEverySource() {
            Mono<String> source = Mono.deferContextual(context -> Mono.just(context.<String>get("who")));
            assertThat(Gather.failFast(List.of(source, source))
                            .contextWrite(c -> c.put("who", "me"))
                            .block())
                    .containsExactly("me", "me");
        }

        @Test
        void theListCannotBeChanged() {
            List<Integer> list = Gather.failFast(List.of(Mono.just(1))).block();
            assertThatThrownBy(() -> list.set(0, 2)).isInstanceOf(UnsupportedOperationException.class);
        }

        @Test
        void twoOfDifferentTypesAreCombined() {
            assertThat(Gather.failFast(Mono.just("a"), Mono.just(2), (a, b) -> a + b)
                            .block())
                    .isEqualTo("a2");
            assertThat(Gather.failFast(Mono.just("a"), Mono.empty(), (a, b) -> a + b)
                            .block())
                    .isEqualTo("anull");
            StepVerifier.create(Gather.failFast(Mono.just(1), Mono.just(2), (a, b) -> {
                        throw BOOM;
                    }))
                    .verifyErrorMessage("boom");
        }
    }

    @Nested
    class Settled {
        @Test
        void eachSourceEndsInItsOwnWay() {
            assertThat(Gather.settled(List.of(
                                    Mono.just(1),
                                    Mono.<Integer>empty(),
                                    Mono.<Integer>error(BOOM),
                                    Mono.<Integer>error(BOOM).hide(),
                                    Mono.just(5).delayElement(Duration.ofMillis(2))))
                            .block())
                    .containsExactly(
                            new Outcome.Success<>(1),
                            new Outcome.Empty<>(),
                            new Outcome.Failure<>(BOOM),
                            new Outcome.Failure<>(BOOM),
                            new Outcome.Success<>(5));
        }

        @Test
        void aFailureCancelsNobody() {
            TestPublisher<Integer> rest = TestPublisher.create();
            StepVerifier.create(Gather.settled(List.of(Mono.<Integer>error(BOOM), rest.mono())))
                    .then(() -> rest.assertNotCancelled().emit(1))
                    .expectNextCount(1)
                    .verifyComplete();
        }
    }

    @Nested
    class WithABound {
        @Test
        void runsNoMoreThanThatAtOnceAndStartsTheNextWhenOneEnds() {
            AtomicInteger now = new AtomicInteger();
            AtomicInteger most = new AtomicInteger();
            List<Mono<Integer>> sources = IntStream.range(0, 50)
                    .mapToObj(i -> Mono.defer(() -> {
                                most.accumulateAndGet(now.incrementAndGet(), Math::max);
                                return Mono.delay(Duration.ofMillis(1)).thenReturn(i);
                            })
                            .doOnTerminate(now::decrementAndGet))
                    .toList();
            assertThat(Gather.failFast(4, sources).block())
                    .containsExactlyElementsOf(IntStream.range(0, 50).boxed().toList());
            assertThat(most).hasValue(4);
        }

        @Test
        void anErrorKeepsTheRestFromStarting() {
            AtomicInteger started = new AtomicInteger();
            Mono<Integer> ok = Mono.fromCallable(started::incrementAndGet).hide();
            StepVerifier.create(Gather.failFast(
                            1, List.of(ok, Mono.<Integer>error(BOOM).hide(), ok)))
                    .verifyErrorMessage("boom");
            assertThat(started).hasValue(1);
        }

        @Test
        void refusesLessThanOne() {
            assertThatThrownBy(() -> Gather.settled(0, List.of(Mono.just(1))))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void aMillionSourcesNeedNoStack() {
        int million = 1_000_000;
        List<Mono<Integer>> complete = Collections.nCopies(million, Mono.just(1));
        List<Mono<Integer>> subscribed =
                Collections.nCopies(million, Mono.just(1).hide());
        assertThat(Gather.failFast(complete).block()).hasSize(million);
        assertThat(Gather.settled(subscribed).block()).hasSize(million);
        assertThat(Gather.failFast(1, subscribed).block()).hasSize(million);
        assertThat(Gather.failFast(3, subscribed).block()).hasSize(million);
    }

    @Test
    void sourcesThatEndOnManyThreadsAtOnceAreAllCounted() {
        for (int round = 0; round < 300; round++) {
            List<Mono<Integer>> sources = IntStream.range(0, 64)
                    .mapToObj(i -> Mono.just(i).publishOn(Schedulers.parallel()))
                    .toList();
            assertThat(Gather.failFast(1 + round % 8, sources).block(Duration.ofSeconds(30)))
                    .hasSize(64);
        }
    }

    @Test
    void cancelledAtARandomMomentEveryValueIsDeliveredOrDiscarded() {
        for (int round = 0; round < 2000; round++) {
            AtomicInteger made = new AtomicInteger();
            AtomicInteger discarded = new AtomicInteger();
            AtomicInteger received = new AtomicInteger();
            List<Mono<Integer>> sources = IntStream.range(0, 8)
                    .mapToObj(
                            i -> Mono.fromCallable(made::incrementAndGet).hide().subscribeOn(Schedulers.parallel()))
                    .toList();
            BaseSubscriber<List<Integer>> running = new BaseSubscriber<>() {
                @Override
                protected void hookOnNext(List<Integer> list) {
                    received.addAndGet(list.size()); // after a cancel too: then the delivery had won
                }
            };
            Gather.failFast(sources)
                    .doOnDiscard(Integer.class, i -> discarded.incrementAndGet())
                    .subscribe(running);
            for (int spin = 0; spin < round % 500; spin++) {
                Thread.onSpinWait();
            }
            running.dispose();
            Flux.range(0, Schedulers.DEFAULT_POOL_SIZE) // all that was scheduled before has run
                    .flatMap(i -> Mono.just(i).publishOn(Schedulers.parallel()))
                    .blockLast();
            assertThat(discarded.get() + received.get()).isEqualTo(made.get());
            assertThat(received.get()).isIn(0, 8);
        }
    }
}
