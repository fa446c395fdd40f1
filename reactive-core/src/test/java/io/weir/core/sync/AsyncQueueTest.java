package io.weir.core.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;
import reactor.core.Scannable;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;

class AsyncQueueTest {
    private final AsyncQueue<Integer> queue = AsyncQueue.bounded(2);
    private final List<Object> seen = new ArrayList<>();

    private void fill(int... values) {
        for (int value : values) {
            assertThat(queue.tryPut(value)).isTrue();
        }
    }

    /** Subscribes and records what comes. */
    private Disposable watch(Mono<?> mono, String name) {
        return mono.subscribe(
                value -> seen.add(name + "=" + value),
                error -> seen.add(name + "!" + error.getClass().getSimpleName()),
                () -> seen.add(name + "."));
    }

    @Nested
    class Put {
        @Test
        void doesNothingUntilSubscribedAndPutsOncePerSubscription() {
            Mono<Void> put = queue.put(7);
            assertThat(queue.size()).isZero();
            put.block();
            put.block();
            assertThat(queue.size()).isEqualTo(2);
        }

        @Test
        void waitsWhileFullAndEntersInTheOrderItCame() {
            fill(1, 2);
            watch(queue.put(3), "three");
            watch(queue.put(4), "four");
            assertThat(seen).isEmpty();
            assertThat(queue.tryTake()).isEqualTo(1);
            assertThat(seen).containsExactly("three.");
            assertThat(queue.tryTake()).isEqualTo(2);
            assertThat(queue.tryTake()).isEqualTo(3);
            assertThat(queue.tryTake()).isEqualTo(4);
            assertThat(seen).containsExactly("three.", "four.");
        }

        @Test
        void aCancelledPutNeverEnters() {
            fill(1, 2);
            Disposable three = watch(queue.put(3), "three");
            watch(queue.put(4), "four");
            three.dispose();
            assertThat(List.of(queue.tryTake(), queue.tryTake(), queue.tryTake()))
                    .containsExactly(1, 2, 4);
            assertThat(queue.tryTake()).isNull();
            assertThat(seen).containsExactly("four.");
        }

        @Test
        void tryPutDoesNotOvertakeAPutThatWaits() {
            fill(1, 2);
            Disposable waiting = queue.put(3).subscribe();
            assertThat(queue.tryPut(9)).isFalse();
            waiting.dispose();
            assertThat(queue.tryTake()).isEqualTo(1);
            assertThat(queue.tryPut(9)).isTrue();
        }

        @Test
        void refusesNull() {
            assertThatThrownBy(() -> queue.put(null)).isInstanceOf(NullPointerException.class);
        }
    }

    @Nested
    class Take {
        @Test
        void takesInTheOrderOfPuts() {
            fill(1, 2);
            StepVerifier.create(queue.take().concatWith(queue.take()))
                    .expectNext(1, 2)
                    .verifyComplete();
        }

        @Test
        void waitersAreServedInTheOrderTheyCame() {
            watch(queue.take(), "a");
            watch(queue.take(), "b");
            fill(1, 2);
            assertThat(seen).containsExactly("a=1", "a.", "b=2", "b.");
        }

        @Test
        void takesNothingBeforeItIsRequested() {
            fill(1);
            StepVerifier.create(queue.take(), 0)
                    .expectSubscription()
                    .then(() -> assertThat(queue.size()).isEqualTo(1))
                    .thenRequest(1)
                    .expectNext(1)
                    .verifyComplete();
        }

        @Test
        void aCancelledTakeLeavesTheElementToTheNext() {
            Disposable a = watch(queue.take(), "a");
            watch(queue.take(), "b");
            a.dispose();
            fill(1);
            assertThat(seen).containsExactly("b=1", "b.");
        }

        @Test
        void aCancelledTakeIsForgotten() {
            for (int i = 0; i < 1000; i++) {
                queue.take().subscribe().dispose();
            }
            assertThat(queue.core.takers.size()).isZero();
            assertThat(queue.core.takers.first()).isNull();
        }

        @Test
        void cancelInTheMiddleOfTheLineKeepsTheOrderOfTheOthers() {
            List<Disposable> takes = new ArrayList<>();
            for (String name : List.of("a", "b", "c", "d", "e")) {
                takes.add(watch(queue.take(), name));
            }
            takes.get(2).dispose();
            takes.get(4).dispose();
            takes.get(0).dispose();
            fill(1, 2, 3);
            assertThat(seen).containsExactly("b=1", "b.", "d=2", "d.");
            assertThat(queue.size()).isEqualTo(1);
        }

        @Test
        void showsWhatItWaitsOn() {
            List<Scannable> take = new ArrayList<>();
            queue.take()
                    .doOnSubscribe(subscription -> take.add(Scannable.from(subscription)))
                    .subscribe();
            assertThat(take.get(0).scan(Scannable.Attr.NAME)).isEqualTo("queue.take");
        }
    }

    @Nested
    class AsFlux {
        @Test
        void takesOnDemandOnly() {
            fill(1, 2);
            StepVerifier.create(queue.asFlux(), 0)
                    .expectSubscription()
                    .then(() -> assertThat(queue.size()).isEqualTo(2))
                    .thenRequest(1)
                    .expectNext(1)
                    .then(() -> assertThat(queue.size()).isEqualTo(1))
                    .thenCancel()
                    .verify();
            assertThat(queue.size()).isEqualTo(1);
        }

        @Test
        void cancelledByItsSubscriberItTakesNoMoreThanItEmitted() {
            AsyncQueue<Integer> many = AsyncQueue.bounded(100);
            IntStream.range(0, 100).forEach(many::tryPut);
            assertThat(many.asFlux().takeUntil(i -> i == 9).collectList().block())
                    .hasSize(10);
            assertThat(many.size()).isEqualTo(90);
        }

        @Test
        void competesWithOtherConsumers() {
            AsyncQueue<Integer> many = AsyncQueue.bounded(10);
            AtomicInteger first = new AtomicInteger();
            AtomicInteger second = new AtomicInteger();
            many.asFlux().subscribe(i -> first.incrementAndGet());
            many.asFlux().subscribe(i -> second.incrementAndGet());
            IntStream.range(0, 10).forEach(many::tryPut);
            assertThat(first).hasValue(5);
            assertThat(second).hasValue(5);
        }

        @Test
        void drainsThenCompletesWhenClosed() {
            fill(1, 2);
            queue.close();
            StepVerifier.create(queue.asFlux()).expectNext(1, 2).verifyComplete();
        }

        @Test
        void completesWithoutDemandWhenClosedEmpty() {
            StepVerifier.create(queue.asFlux(), 0)
                    .expectSubscription()
                    .then(queue::close)
                    .verifyComplete();
        }

        @Test
        void completesWithoutDemandWhenAnotherTakesTheLastElement() {
            fill(1);
            StepVerifier.create(queue.asFlux(), 0)
                    .expectSubscription()
                    .then(queue::close)
                    .expectNoEvent(java.time.Duration.ofMillis(1))
                    .then(queue::tryTake)
                    .verifyComplete();
        }

        @Test
        void aClosedQueueIsNotAtItsEndWhileAStreamMayGiveBack() {
            AsyncQueue<Integer> closed = AsyncQueue.bounded(4);
            IntStream.range(0, 4).forEach(closed::tryPut);
            List<Integer> others = new ArrayList<>();
            List<String> end = new ArrayList<>();
            closed.asFlux().subscribe(new BaseSubscriber<>() {
                @Override
                protected void hookOnNext(Integer first) { // holds a batch of all four now
                    closed.close();
                    closed.asFlux().subscribe(others::add, e -> end.add("error"), () -> end.add("complete"));
                    assertThat(end).isEmpty();
                    cancel();
                }
            });
            assertThat(others).containsExactly(1, 2, 3);
            assertThat(end).containsExactly("complete");
        }

        @Test
        void aSubscriberThatThrowsGivesBackTheRestOfItsBatch() {
            AsyncQueue<Integer> four = AsyncQueue.bounded(4);
            IntStream.range(0, 4).forEach(four::tryPut);
            assertThatThrownBy(() -> four.asFlux().subscribe(new reactor.core.CoreSubscriber<Integer>() {
                        @Override
                        public void onSubscribe(org.reactivestreams.Subscription s) {
                            s.request(Long.MAX_VALUE);
                        }

                        @Override
                        public void onNext(Integer i) {
                            throw new IllegalStateException("rude");
                        }

                        @Override
                        public void onError(Throwable t) {}

                        @Override
                        public void onComplete() {}
                    }))
                    .hasMessageContaining("rude");
            assertThat(List.of(four.tryTake(), four.tryTake(), four.tryTake())).containsExactly(1, 2, 3);
            four.close();
            StepVerifier.create(four.asFlux()).verifyComplete();
        }

        @Test
        void aSubscriberThatThrowsAtTheLastOfItsBatchKeepsNobodyFromTheEnd() {
            watch(queue.take(), "first");
            assertThatThrownBy(() -> {
                        queue.asFlux().subscribe(new Rude());
                        fill(1, 2);
                    })
                    .hasMessageContaining("rude");
            watch(queue.take(), "take");
            queue.close();
            assertThat(seen).containsExactly("first=1", "first.", "take!QueueClosedException");
        }

        @Test
        void endsWithTheCauseOfCloseNow() {
            IllegalStateException cause = new IllegalStateException("why");
            StepVerifier.create(queue.asFlux())
                    .then(() -> queue.closeNow(cause))
                    .verifyErrorSatisfies(e -> assertThat(e)
                            .isInstanceOf(QueueClosedException.class)
                            .hasCause(cause));
        }

        @Test
        void aMillionElementsThatArePutFromInsideTheConsumerNeedNoStack() {
            AtomicInteger count = new AtomicInteger();
            queue.asFlux().subscribe(i -> {
                if (count.incrementAndGet() < 1_000_000) {
                    queue.put(i + 1).subscribe();
                }
            });
            queue.put(0).block();
            assertThat(count).hasValue(1_000_000);
        }
    }

    @Nested
    class Join {
        @Test
        void completesAtOnceWhenNothingIsOutstanding() {
            StepVerifier.create(queue.join()).verifyComplete();
        }

        @Test
        void waitsForEachElementToBeDone() {
            fill(1, 2);
            watch(queue.join(), "join");
            queue.tryTake();
            queue.taskDone();
            queue.tryTake();
            assertThat(seen).isEmpty();
            queue.taskDone();
            assertThat(seen).containsExactly("join.");
        }

        @Test
        void countsAnElementThatWentStraightToAConsumer() {
            queue.take().subscribe();
            fill(1);
            watch(queue.join(), "join");
            assertThat(seen).isEmpty();
            queue.taskDone();
            assertThat(seen).containsExactly("join.");
        }

        @Test
        void oneTaskDoneTooManyThrows() {
            fill(1);
            queue.taskDone();
            assertThatThrownBy(queue::taskDone)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("more often");
        }

        @Test
        void aCancelledJoinIsForgottenAndTheOthersStillEnd() {
            fill(1);
            Disposable a = watch(queue.join(), "a");
            watch(queue.join(), "b");
            a.dispose();
            queue.taskDone();
            assertThat(seen).containsExactly("b.");
        }

        @Test
        void isWokenByAZeroEvenIfThatIsOverBeforeTheWakeUp() {
            fill(1);
            watch(queue.join(), "old");
            queue.core.turnstile.enter(); // the wake-up of the zero has to wait outside …
            queue.taskDone();
            queue.core.unfinished.add(); // … while the next element comes in
            queue.core.turnstile.exit();
            assertThat(seen).containsExactly("old.");
        }

        @Test
        void isNotWokenByAZeroBeforeItsStart() {
            fill(1);
            queue.core.turnstile.enter();
            queue.taskDone();
            queue.core.unfinished.add();
            watch(queue.join(), "new");
            queue.core.turnstile.exit();
            assertThat(seen).isEmpty();
            queue.taskDone();
            assertThat(seen).containsExactly("new.");
        }
    }

    @Nested
    class Close {
        @Test
        void waitingConsumersAndProducersLearnOfIt() {
            watch(queue.take(), "take");
            queue.close();
            assertThat(seen).containsExactly("take!QueueClosedException");
            StepVerifier.create(queue.put(1)).verifyError(QueueClosedException.class);
            assertThat(queue.tryPut(1)).isFalse();
        }

        @Test
        void waitingProducersGetTheirElementBackAsAnError() {
            fill(1, 2);
            watch(queue.put(3), "put");
            queue.close();
            assertThat(seen).containsExactly("put!QueueClosedException");
            assertThat(List.of(queue.tryTake(), queue.tryTake())).containsExactly(1, 2);
            assertThat(queue.tryTake()).isNull();
            StepVerifier.create(queue.take()).verifyError(QueueClosedException.class);
        }

        @Test
        void isIdempotentAndTheFirstCauseStays() {
            IllegalStateException first = new IllegalStateException("first");
            queue.closeNow(first);
            queue.close();
            queue.closeNow(new IllegalStateException("second"));
            StepVerifier.create(queue.take())
                    .verifyErrorSatisfies(e -> assertThat(e).hasCause(first));
        }

        @Test
        void closeNowHandsOutWhatItDrainsAndCountsItDone() {
            List<Integer> discarded = new ArrayList<>();
            queue.onDiscard(discarded::add);
            fill(1, 2);
            watch(queue.join(), "join");
            queue.closeNow(null);
            assertThat(discarded).containsExactly(1, 2);
            assertThat(seen).containsExactly("join.");
            assertThat(queue.size()).isZero();
        }

        @Test
        void closeNowAfterCloseStillDrains() {
            List<Integer> discarded = new ArrayList<>();
            queue.onDiscard(discarded::add);
            fill(1, 2);
            queue.close();
            queue.closeNow(null);
            assertThat(discarded).containsExactly(1, 2);
        }

        @Test
        void aDiscardHandlerThatThrowsDoesNotLoseTheOtherElements() {
            List<Integer> discarded = new ArrayList<>();
            queue.onDiscard(element -> {
                discarded.add(element);
                throw new IllegalStateException("rude " + element);
            });
            fill(1, 2);
            assertThatThrownBy(() -> queue.closeNow(null)).hasMessageContaining("rude 1");
            assertThat(discarded).containsExactly(1, 2);
        }

        @Test
        void aSubscriberThatThrowsDoesNotLoseWhatIsDrained() {
            List<Integer> discarded = new ArrayList<>();
            queue.onDiscard(discarded::add);
            fill(1, 2);
            queue.put(3).subscribe(new Rude());
            assertThatThrownBy(() -> queue.closeNow(null)).hasMessageContaining("rude");
            assertThat(discarded).containsExactly(1, 2);
        }

        @Test
        void elementsAtWorkAreStillAwaitedByJoin() {
            fill(1);
            queue.tryTake();
            queue.closeNow(null);
            watch(queue.join(), "join");
            assertThat(seen).isEmpty();
            queue.taskDone();
            assertThat(seen).containsExactly("join.");
        }
    }

    @Test
    void refusesACapacityBelowOne() {
        assertThatThrownBy(() -> AsyncQueue.bounded(0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("0");
    }

    @Test
    void tellsItsState() {
        fill(1);
        assertThat(queue).hasToString("AsyncQueue[1/2, waiting to take: 0, to put: 0]");
    }

    @Test
    void oneSubscriberThatThrowsDoesNotKeepTheOthersFromTheirSignals() {
        fill(1, 2);
        AtomicBoolean told = new AtomicBoolean();
        queue.put(3).subscribe(new BaseSubscriber<>() {
            @Override
            protected void hookOnComplete() {
                throw new IllegalStateException("rude");
            }
        });
        queue.put(4).subscribe(null, e -> {}, () -> told.set(true));
        queue.core.turnstile.enter();
        queue.core.next();
        queue.core.next();
        assertThatThrownBy(queue.core.turnstile::exit).hasMessageContaining("rude");
        assertThat(told).isTrue();
    }

    @Test
    void producersAndConsumersOnManyThreadsMeet() {
        AsyncQueue<Integer> small = AsyncQueue.bounded(3);
        Mono<Long> consumers = Flux.range(0, 4)
                .flatMap(c -> small.asFlux()
                        .publishOn(Schedulers.parallel())
                        .doOnNext(i -> small.taskDone())
                        .map(Integer::longValue)
                        .reduce(0L, Long::sum))
                .reduce(0L, Long::sum);
        Mono<Void> producers = Flux.range(0, 4)
                .flatMap(p -> Flux.range(1, 10_000)
                        .concatMap(small::put)
                        .subscribeOn(Schedulers.parallel())
                        .then())
                .then(small.join())
                .then(Mono.fromRunnable(small::close));
        assertThat(Mono.zip(consumers, producers.thenReturn(0)).block().getT1()).isEqualTo(4 * 50_005_000L);
    }

    /** Breaks the contract at the first occasion. */
    private static final class Rude implements reactor.core.CoreSubscriber<Object> {
        @Override
        public void onSubscribe(org.reactivestreams.Subscription subscription) {
            subscription.request(Long.MAX_VALUE);
        }

        @Override
        public void onNext(Object element) {
            throw new IllegalStateException("rude");
        }

        @Override
        public void onError(Throwable error) {
            throw new IllegalStateException("rude");
        }

        @Override
        public void onComplete() {
            throw new IllegalStateException("rude");
        }
    }
}
