package io.weir.core.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;

class AsyncBarrierTest {
    private final AsyncBarrier barrier = AsyncBarrier.of(3);
    private final List<Integer> places = new ArrayList<>();
    private final List<Throwable> errors = new ArrayList<>();

    private Disposable arrive() {
        return barrier.await().subscribe(places::add, errors::add);
    }

    @Nested
    class Await {
        @Test
        void theLastArrivalFreesAllEachWithItsPlace() {
            arrive();
            arrive();
            assertThat(places).isEmpty();
            assertThat(barrier.waiting()).isEqualTo(2);
            arrive();
            assertThat(places).containsExactly(0, 1, 2);
            assertThat(barrier.waiting()).isZero();
        }

        @Test
        void isReadyForTheNextRoundAtOnce() {
            for (int round = 0; round < 3; round++) {
                places.clear();
                arrive();
                arrive();
                arrive();
                assertThat(places).containsExactly(0, 1, 2);
            }
        }

        @Test
        void whoArrivesAgainFromItsSignalIsInTheNextRound() {
            for (int i = 0; i < 3; i++) {
                barrier.await().doOnNext(places::add).then(barrier.await()).subscribe(i2 -> places.add(10 + i2));
            }
            assertThat(places).containsExactlyInAnyOrder(0, 1, 2, 10, 11, 12);
            assertThat(places.subList(0, 2)).containsExactly(0, 1);
            assertThat(barrier.waiting()).isZero();
        }

        @Test
        void aCancelledWaiterLeavesItsPlaceFree() {
            Disposable gone = arrive();
            arrive();
            gone.dispose();
            assertThat(barrier.waiting()).isEqualTo(1);
            arrive();
            assertThat(places).isEmpty();
            arrive();
            assertThat(places).containsExactly(0, 1, 2);
        }

        @Test
        void arrivesWithTheFirstRequestAndOncePerSubscription() {
            StepVerifier.create(AsyncBarrier.of(1).await(), 0)
                    .expectSubscription()
                    .thenRequest(1)
                    .expectNext(0)
                    .verifyComplete();
            StepVerifier.create(barrier.await(), 0)
                    .expectSubscription()
                    .then(() -> assertThat(barrier.waiting()).isZero())
                    .thenCancel()
                    .verify();
            Mono<Integer> await = barrier.await();
            Mono.when(await, await, await).block();
        }

        @Test
        void aBarrierOfOneHoldsNobody() {
            assertThat(AsyncBarrier.of(1).await().block()).isZero();
            assertThatThrownBy(() -> AsyncBarrier.of(0)).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Nested
    class Broken {
        @Test
        void abortFailsWhoWaitsAndWhoComesLater() {
            arrive();
            arrive();
            barrier.abort();
            assertThat(barrier.isBroken()).isTrue();
            assertThat(barrier.waiting()).isZero();
            arrive();
            assertThat(places).isEmpty();
            assertThat(errors)
                    .hasSize(3)
                    .allSatisfy(e -> assertThat(e).isInstanceOfSatisfying(BarrierBrokenException.class, broken -> {
                        assertThat(broken.parties()).isEqualTo(3);
                        assertThat(broken.waiting()).isEqualTo(2);
                        assertThat(broken.isReset()).isFalse();
                        assertThat(broken).hasMessage("barrier aborted while 2 of 3 waited");
                    }));
            assertThat(errors).doesNotHaveDuplicates();
            barrier.abort();
            assertThat(barrier.isBroken()).isTrue();
        }

        @Test
        void resetFailsWhoWaitsAndMakesItUsable() {
            arrive();
            barrier.reset();
            assertThat(errors)
                    .singleElement()
                    .isInstanceOfSatisfying(
                            BarrierBrokenException.class,
                            broken -> assertThat(broken.isReset()).isTrue());
            assertThat(barrier.isBroken()).isFalse();
            arrive();
            arrive();
            arrive();
            assertThat(places).containsExactly(0, 1, 2);
        }

        @Test
        void resetMendsAnAbortedBarrier() {
            barrier.abort();
            barrier.reset();
            arrive();
            arrive();
            arrive();
            assertThat(places).containsExactly(0, 1, 2);
        }

        @Test
        void aCancelledWaiterIsNotTold() {
            Disposable gone = arrive();
            gone.dispose();
            barrier.abort();
            assertThat(errors).isEmpty();
        }

        @Test
        void anErrorHandlerMayResetTheBarrierAndArriveAgain() {
            barrier.await()
                    .onErrorResume(BarrierBrokenException.class, e -> {
                        barrier.reset();
                        return barrier.await();
                    })
                    .subscribe(places::add);
            barrier.abort();
            assertThat(barrier.isBroken()).isFalse();
            arrive();
            arrive();
            assertThat(places).containsExactly(0, 1, 2);
        }
    }

    @Test
    void aMillionRoundsFromTheSignalsInConstantStack() {
        AsyncBarrier two = AsyncBarrier.of(2);
        int million = 1_000_000;
        AtomicInteger rounds = new AtomicInteger();
        Mono<Void> player = two.await()
                .repeat(million - 1L)
                .doOnNext(i -> rounds.incrementAndGet())
                .then();
        Mono.when(player, player).block();
        assertThat(rounds).hasValue(2 * million);
    }

    @RepeatedTest(3)
    void everyRoundIsCompleteUnderRandomCancelsAndBreaks() {
        int threads = 4;
        int each = 30_000;
        int parties = 3;
        AsyncBarrier shared = AsyncBarrier.of(parties);
        AtomicIntegerArray perPlace = new AtomicIntegerArray(parties);
        AtomicInteger cancelled = new AtomicInteger();
        AtomicInteger failed = new AtomicInteger();
        AtomicIntegerArray ends = new AtomicIntegerArray(threads * each);
        Together.run(threads, thread -> {
            SplittableRandom random = new SplittableRandom(thread);
            for (int i = 0; i < each; i++) {
                int number = thread * each + i;
                Subscription[] arrival = new Subscription[1];
                shared.await().subscribe(new CoreSubscriber<>() {
                    @Override
                    public void onSubscribe(Subscription subscription) {
                        arrival[0] = subscription;
                        subscription.request(1);
                    }

                    @Override
                    public void onNext(Integer place) {
                        ends.incrementAndGet(number);
                        perPlace.incrementAndGet(place);
                    }

                    @Override
                    public void onError(Throwable error) {
                        ends.incrementAndGet(number);
                        failed.incrementAndGet();
                    }

                    @Override
                    public void onComplete() {}
                });
                if (random.nextInt(3) == 0) {
                    arrival[0].cancel();
                    cancelled.incrementAndGet();
                }
                int dice = random.nextInt(2000);
                if (dice == 0) {
                    shared.abort();
                } else if (dice < 20) {
                    shared.reset();
                }
            }
        });
        int waiting = shared.waiting();
        shared.abort();
        assertThat(perPlace.get(1)).isEqualTo(perPlace.get(0)).isPositive();
        assertThat(perPlace.get(2)).isEqualTo(perPlace.get(0));
        assertThat(waiting).isLessThan(parties);
        int open = 0;
        for (int i = 0; i < ends.length(); i++) {
            assertThat(ends.get(i)).isLessThanOrEqualTo(1);
            open += 1 - ends.get(i);
        }
        assertThat(open).as("only who was cancelled was not told").isLessThanOrEqualTo(cancelled.get());
        assertThat(open + failed.get() + parties * perPlace.get(0)).isEqualTo(threads * each);
    }
}
