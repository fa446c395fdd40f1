package io.weir.core.sync;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;
import reactor.test.scheduler.VirtualTimeScheduler;

class AsyncEventTest {
    private final AsyncEvent event = AsyncEvent.create();

    @Nested
    class Await {
        @Test
        void completesWithTheSetWithoutDemand() {
            StepVerifier.create(event.await(), 0)
                    .expectSubscription()
                    .then(() -> assertThat(event.waiting()).isEqualTo(1))
                    .then(event::set)
                    .verifyComplete();
            assertThat(event.waiting()).isZero();
        }

        @Test
        void completesAtOnceWhileSetAndWaitsAgainAfterClear() {
            event.set();
            assertThat(event.isSet()).isTrue();
            event.await().block();
            event.clear();
            assertThat(event.isSet()).isFalse();
            Disposable waiter = event.await().subscribe();
            assertThat(waiter.isDisposed()).isFalse();
            event.set();
            assertThat(waiter.isDisposed()).isTrue();
        }

        @Test
        void isCold() {
            Mono<Void> await = event.await();
            event.set();
            event.clear();
            Disposable waiter = await.subscribe();
            assertThat(waiter.isDisposed()).isFalse();
            waiter.dispose();
            assertThat(event.waiting()).isZero();
        }

        @Test
        void aCancelledWaiterLeavesAndIsNotTold() {
            AtomicInteger told = new AtomicInteger();
            Disposable waiter =
                    event.await().doOnSuccess(end -> told.incrementAndGet()).subscribe();
            waiter.dispose();
            assertThat(event.waiting()).isZero();
            event.set();
            assertThat(told).hasValue(0);
        }

        @Test
        void cancelInOnSubscribeNeverWaits() {
            event.await().subscribe(new BaseSubscriber<>() {
                @Override
                protected void hookOnSubscribe(org.reactivestreams.Subscription subscription) {
                    subscription.cancel();
                }
            });
            assertThat(event.waiting()).isZero();
        }
    }

    @Nested
    class BoundedAwait {
        @Test
        void failsWhenTheTimeIsOverAndLeaves() {
            StepVerifier.withVirtualTime(() -> event.await(Duration.ofSeconds(1)))
                    .expectSubscription()
                    .expectNoEvent(Duration.ofMillis(999))
                    .thenAwait(Duration.ofMillis(1))
                    .verifyErrorSatisfies(e -> assertThat(e)
                            .isInstanceOfSatisfying(WaitTimeoutException.class, timeout -> {
                                assertThat(timeout.waitedFor()).isEqualTo("the event");
                                assertThat(timeout.maxWait()).isEqualTo(Duration.ofSeconds(1));
                            }));
            assertThat(event.waiting()).isZero();
        }

        @Test
        void completesIfTheEventComesInTimeAndLeavesNoTimer() {
            VirtualTimeScheduler time = VirtualTimeScheduler.getOrSet();
            try {
                Disposable waiter = event.await(Duration.ofSeconds(1)).subscribe();
                assertThat(time.getScheduledTaskCount()).isEqualTo(1);
                event.set();
                assertThat(waiter.isDisposed()).isTrue();
                event.await(Duration.ofSeconds(1)).block();
                event.clear();
                event.await(Duration.ofSeconds(1)).subscribe().dispose();
                time.advanceTimeBy(Duration.ofSeconds(5));
                assertThat(event.waiting()).isZero();
            } finally {
                VirtualTimeScheduler.reset();
            }
        }

        @Test
        void noWaitAllowedIsDecidedAtOnce() {
            StepVerifier.create(event.await(Duration.ZERO)).verifyError(WaitTimeoutException.class);
            StepVerifier.create(event.await(Duration.ofSeconds(-1))).verifyError(WaitTimeoutException.class);
            event.set();
            StepVerifier.create(event.await(Duration.ZERO)).verifyComplete();
        }
    }

    @Test
    void setWakesAllWhoWaitInOrderAlsoIfClearFollowsAtOnce() {
        List<Integer> woken = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            int number = i;
            event.await().subscribe(null, null, () -> woken.add(number));
        }
        event.set();
        event.clear();
        assertThat(woken).containsExactly(0, 1, 2, 3, 4);
        assertThat(event.isSet()).isFalse();
    }

    @Test
    void whoClearsFromASignalDoesNotKeepTheOthersWaiting() {
        List<Integer> woken = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            int number = i;
            event.await().subscribe(null, null, () -> {
                event.clear();
                woken.add(number);
            });
        }
        event.set();
        assertThat(woken).containsExactly(0, 1, 2);
        assertThat(event.isSet()).isFalse();
    }

    @Test
    void aMillionEventsEachSetTheNextInConstantStack() {
        int million = 1_000_000;
        AsyncEvent first = event;
        AsyncEvent last = first;
        for (int i = 0; i < million; i++) {
            AsyncEvent next = AsyncEvent.create();
            last.await().subscribe(null, null, next::set);
            last = next;
        }
        first.set();
        assertThat(last.isSet()).isTrue();
    }

    @Test
    void everyWaitThatBeganBeforeASetIsOverAfterItUnderRandomCancelsAndClears() {
        int waiters = 3;
        int each = 30_000;
        AtomicIntegerArray ends = new AtomicIntegerArray(waiters * each);
        AtomicIntegerArray cancels = new AtomicIntegerArray(waiters * each);
        AtomicIntegerArray begun = new AtomicIntegerArray(waiters); // how many each thread has begun
        Together.run(waiters + 1, thread -> {
            if (thread < waiters) {
                SplittableRandom random = new SplittableRandom(thread);
                for (int i = 0; i < each; i++) {
                    int number = thread * each + i;
                    Mono<Void> await = random.nextInt(3) == 0 ? event.await(Duration.ofMinutes(10)) : event.await();
                    Disposable waiting = await.subscribe(null, null, () -> ends.incrementAndGet(number));
                    if (random.nextInt(3) == 0) {
                        cancels.set(number, 1); // said before it is done
                        waiting.dispose();
                    }
                    begun.incrementAndGet(thread);
                }
            } else {
                int[] seen = new int[waiters];
                for (int total = 0; total < waiters * each; ) {
                    int[] before = new int[waiters];
                    for (int t = 0; t < waiters; t++) {
                        before[t] = begun.get(t);
                    }
                    event.set();
                    event.clear();
                    total = 0;
                    for (int t = 0; t < waiters; t++) {
                        for (int i = seen[t]; i < before[t]; i++) {
                            int number = t * each + i;
                            if (cancels.get(number) == 0) {
                                assertThat(ends.get(number))
                                        .as("wait %d", number)
                                        .isEqualTo(1);
                            }
                        }
                        seen[t] = before[t];
                        total += before[t];
                    }
                }
            }
        });
        for (int i = 0; i < ends.length(); i++) {
            assertThat(ends.get(i)).isBetween(1 - cancels.get(i), 1);
        }
        assertThat(event.waiting()).isZero();
    }
}
