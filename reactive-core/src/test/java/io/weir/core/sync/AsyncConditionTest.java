package io.weir.core.sync;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.test.StepVerifier;

class AsyncConditionTest {
    private final AsyncLock lock = AsyncLock.create();
    private final AsyncCondition condition = AsyncCondition.on(lock);
    private final List<String> order = new ArrayList<>();

    private Disposable waiter(String name) {
        return lock.withLock(held -> condition.await(held).then(Mono.fromRunnable(() -> {
                    assertThat(held.isHeld()).isTrue();
                    assertThat(lock.isLocked()).isTrue();
                    order.add(name);
                })))
                .subscribe();
    }

    @Nested
    class Await {
        @Test
        void givesUpTheLockWhileItWaitsAndHoldsItAfter() {
            waiter("a");
            assertThat(lock.isLocked()).isFalse();
            assertThat(condition.waiting()).isEqualTo(1);
            condition.signal();
            assertThat(order).containsExactly("a");
            assertThat(lock.isLocked()).isFalse();
            assertThat(condition.waiting()).isZero();
        }

        @Test
        void goesOnOnlyWhenTheSignallerHasLeftTheLock() {
            waiter("a");
            lock.withLock(Mono.fromRunnable(() -> {
                        condition.signal();
                        order.add("signaller");
                        assertThat(condition.waiting()).isZero();
                        assertThat(lock.waiting()).isEqualTo(1);
                    }))
                    .block();
            assertThat(order).containsExactly("signaller", "a");
        }

        @Test
        void aSignalIsForOneAndInTheOrderTheyCame() {
            waiter("a");
            waiter("b");
            waiter("c");
            condition.signal();
            assertThat(order).containsExactly("a");
            condition.signal();
            assertThat(order).containsExactly("a", "b");
            assertThat(condition.waiting()).isEqualTo(1);
        }

        @Test
        void signalAllIsForAllWhoWait() {
            waiter("a");
            waiter("b");
            waiter("c");
            condition.signalAll();
            assertThat(order).containsExactly("a", "b", "c");
            assertThat(lock.isLocked()).isFalse();
        }

        @Test
        void aSignalNobodyWaitsForIsNotKept() {
            condition.signal();
            condition.signalAll();
            waiter("a");
            assertThat(order).isEmpty();
        }

        @Test
        void whoHasAskedForTheLockBeforeTheSignalGoesFirst() {
            waiter("a");
            Permit held = lock.tryLock();
            lock.withLock(Mono.fromRunnable(() -> order.add("b"))).subscribe();
            condition.signal();
            lock.withLock(Mono.fromRunnable(() -> order.add("c"))).subscribe();
            held.release();
            assertThat(order).containsExactly("b", "a", "c");
        }

        @Test
        void needsAPermitThatIsHeldAndOfItsLock() {
            Permit permit = lock.tryLock();
            permit.release();
            StepVerifier.create(condition.await(permit)).verifyErrorMessage("the permit is not held");
            StepVerifier.create(condition.await(permit, () -> true)).verifyErrorMessage("the permit is not held");
            Permit other = AsyncLock.create().tryLock();
            StepVerifier.create(condition.await(other)).verifyError(IllegalArgumentException.class);
            StepVerifier.create(condition.await(other, () -> true)).verifyError(IllegalArgumentException.class);
            assertThat(other.isHeld()).isTrue();
            assertThat(lock.isLocked()).isFalse();
            assertThat(condition.waiting()).isZero();
        }

        @Test
        void onePermitCannotWaitTwice() {
            Permit permit = lock.tryLock();
            condition.await(permit).subscribe();
            StepVerifier.create(condition.await(permit)).verifyErrorMessage("the permit is not held");
            condition.signal();
            assertThat(permit.isHeld()).isTrue();
            permit.release();
            assertThat(lock.isLocked()).isFalse();
        }

        @Test
        void aPermitThatIsReleasedWhileItWaitsIsNotTakenAgain() {
            Permit permit = lock.tryLock();
            List<Throwable> errors = new ArrayList<>();
            condition.await(permit).subscribe(null, errors::add);
            waiter("b");
            permit.release();
            condition.signal();
            assertThat(errors).singleElement().isInstanceOf(IllegalStateException.class);
            assertThat(lock.isLocked()).isFalse();
            assertThat(order).as("the signal went to the next").containsExactly("b");
        }

        @Test
        void theContextReachesWhatFollows() {
            List<String> seen = new ArrayList<>();
            lock.withLock(held -> condition.await(held).then(Mono.deferContextual(context -> {
                        seen.add(context.get("key"));
                        return Mono.empty();
                    })))
                    .contextWrite(context -> context.put("key", "value"))
                    .subscribe();
            condition.signal();
            assertThat(seen).containsExactly("value");
        }
    }

    @Nested
    class Cancel {
        @Test
        void whileWaitingForTheSignalLeavesAndTheReleaseDoesNothing() {
            Disposable a = waiter("a");
            waiter("b");
            Permit other = lock.tryLock();
            a.dispose();
            assertThat(other.isHeld()).isTrue();
            assertThat(lock.tryLock()).as("the lock is the other's still").isNull();
            other.release();
            assertThat(condition.waiting()).isEqualTo(1);
            condition.signal();
            assertThat(order).containsExactly("b");
            assertThat(lock.isLocked()).isFalse();
        }

        @Test
        void whileWaitingForTheLockTakesNoneAndPassesTheSignalOn() {
            Disposable a = waiter("a");
            waiter("b");
            waiter("c");
            Permit other = lock.tryLock();
            condition.signal();
            assertThat(lock.waiting()).isEqualTo(1);
            a.dispose();
            assertThat(lock.waiting()).as("b has the signal now").isEqualTo(1);
            assertThat(condition.waiting()).isEqualTo(1);
            other.release();
            assertThat(order).containsExactly("b");
            assertThat(lock.isLocked()).isFalse();
        }

        @Test
        void ofOneThatWasWokenWithAllWakesNobodyElse() {
            Disposable a = waiter("a");
            Permit other = lock.tryLock();
            condition.signalAll();
            Permit[] late = new Permit[1];
            lock.lock().subscribe(permit -> late[0] = permit);
            a.dispose();
            other.release();
            condition.await(late[0]).subscribe(null, null, () -> order.add("late"));
            assertThat(order).isEmpty();
            assertThat(condition.waiting()).isEqualTo(1);
        }

        @Test
        void whenTheLockIsOnItsWayReturnsItAndPassesTheSignalOn() {
            Disposable[] a = new Disposable[1];
            a[0] = waiter("a");
            waiter("b");
            // Ready before a's signal, so given before it: one who cancels a.
            lock.semaphore.turnstile.enter();
            lock.semaphore.turnstile.ready(new Waiter(lock.semaphore.turnstile) {
                @Override
                void take() {}

                @Override
                void signal() {
                    a[0].dispose();
                }
            });
            condition.signalOne();
            lock.semaphore.turnstile.exit();
            assertThat(order).containsExactly("b");
            assertThat(lock.isLocked()).isFalse();
            assertThat(condition.waiting()).isZero();
        }

        @Test
        void inOnSubscribeKeepsTheLock() {
            Permit permit = lock.tryLock();
            condition.await(permit).subscribe(new reactor.core.publisher.BaseSubscriber<>() {
                @Override
                protected void hookOnSubscribe(org.reactivestreams.Subscription subscription) {
                    subscription.cancel();
                }
            });
            assertThat(permit.isHeld()).isTrue();
            assertThat(condition.waiting()).isZero();
        }

        @Test
        void afterATimeoutThePermitIsNotHeldAndTheSectionCanTell() {
            StepVerifier.withVirtualTime(() -> lock.withLock(held -> condition
                            .await(held)
                            .timeout(Duration.ofSeconds(1))
                            .then(Mono.just(true))
                            .onErrorResume(e -> Mono.fromSupplier(held::isHeld))))
                    .thenAwait(Duration.ofSeconds(1))
                    .expectNext(false)
                    .verifyComplete();
            assertThat(lock.isLocked()).isFalse();
        }
    }

    @Nested
    class AwaitUntil {
        private int level;

        private Mono<Integer> when(int wanted) {
            return lock.withLock(
                    held -> condition.await(held, () -> level >= wanted).then(Mono.fromSupplier(() -> level)));
        }

        @Test
        void doesNotWaitIfItHolds() {
            assertThat(when(0).block()).isZero();
        }

        @Test
        void waitsAgainUntilItHolds() {
            List<Integer> seen = new ArrayList<>();
            when(3).subscribe(seen::add);
            for (int i = 0; i < 3; i++) {
                assertThat(seen).isEmpty();
                lock.withLock(Mono.fromRunnable(() -> {
                            level++;
                            condition.signalAll();
                        }))
                        .block();
            }
            assertThat(seen).containsExactly(3);
            assertThat(lock.isLocked()).isFalse();
        }

        @Test
        void whatItThrowsIsTheErrorAndTheLockIsReleased() {
            StepVerifier.create(lock.withLock(held -> condition.await(held, () -> {
                        throw new IllegalStateException("until");
                    })))
                    .verifyErrorMessage("until");
            assertThat(lock.isLocked()).isFalse();
            List<Throwable> errors = new ArrayList<>();
            AtomicInteger asked = new AtomicInteger();
            lock.withLock(held -> condition.await(held, () -> {
                        if (asked.incrementAndGet() == 2) {
                            throw new IllegalStateException("until, later");
                        }
                        return false;
                    }))
                    .subscribe(null, errors::add);
            condition.signal();
            assertThat(errors).singleElement().satisfies(e -> assertThat(e).hasMessage("until, later"));
            assertThat(lock.isLocked()).isFalse();
        }
    }

    @Test
    void aMillionSignalsToOneWaiterAndAMillionWaitersInConstantStack() {
        int million = 1_000_000;
        int[] level = new int[1];
        Sinks.Empty<Void> reached = Sinks.empty();
        lock.withLock(held -> condition.await(held, () -> level[0] == million))
                .subscribe(null, null, reached::tryEmitEmpty);
        Mono<Void> rise = lock.withLock(Mono.fromRunnable(() -> {
            level[0]++;
            condition.signal();
        }));
        for (int i = 0; i < million; i++) {
            rise.subscribe();
        }
        reached.asMono().block(Duration.ofSeconds(30));

        AtomicInteger ran = new AtomicInteger();
        for (int i = 0; i < million / 2; i++) {
            lock.withLock(held -> condition.await(held).then(Mono.fromRunnable(() -> {
                        ran.incrementAndGet();
                        condition.signal(); // each wakes the next, under the lock
                    })))
                    .subscribe();
        }
        condition.signal();
        assertThat(ran).hasValue(million / 2);
        assertThat(lock.isLocked()).isFalse();
    }

    @Test
    void aBufferOnTwoConditionsLosesNoElementAndNoSignalUnderRandomCancels() {
        int producers = 2;
        int consumers = 2;
        int each = 15_000;
        int capacity = 2;
        AsyncCondition notFull = AsyncCondition.on(lock);
        AsyncCondition notEmpty = condition;
        Queue<Integer> buffer = new ArrayDeque<>(); // not thread-safe: the lock guards it
        AtomicInteger producing = new AtomicInteger(producers);
        AtomicIntegerArray put = new AtomicIntegerArray(producers * each);
        AtomicIntegerArray taken = new AtomicIntegerArray(producers * each);
        Together.run(producers + consumers, thread -> {
            SplittableRandom random = new SplittableRandom(thread);
            if (thread < producers) {
                for (int i = thread * each; i < (thread + 1) * each; i++) {
                    int element = i;
                    Mono<Void> offer = lock.withLock(held -> notFull.await(held, () -> buffer.size() < capacity)
                            .then(Mono.fromRunnable(() -> {
                                buffer.add(element);
                                put.incrementAndGet(element);
                                notEmpty.signal();
                            })));
                    if (random.nextInt(3) == 0) {
                        offer.subscribe().dispose();
                    } else {
                        offer.block(Duration.ofSeconds(20)); // a lost signal would be seen here
                    }
                }
                if (producing.decrementAndGet() == 0) {
                    lock.withLock(Mono.fromRunnable(notEmpty::signalAll)).block();
                }
                return;
            }
            boolean more = false;
            do {
                Mono<Integer> take =
                        lock.withLock(held -> notEmpty.await(held, () -> !buffer.isEmpty() || producing.get() == 0)
                                .then(Mono.fromSupplier(() -> {
                                    Integer element = buffer.poll();
                                    if (element != null) {
                                        taken.incrementAndGet(element);
                                        notFull.signal();
                                    }
                                    return element;
                                })));
                if (random.nextInt(3) == 0) {
                    take.subscribe().dispose();
                } else {
                    more = take.blockOptional(Duration.ofSeconds(20)).isPresent();
                }
            } while (producing.get() > 0 || more);
        });
        for (int i = 0; i < producers * each; i++) {
            assertThat(taken.get(i)).as("element %d", i).isEqualTo(put.get(i));
        }
        assertThat(buffer).isEmpty();
        assertThat(lock.isLocked()).isFalse();
        assertThat(lock.waiting() + notEmpty.waiting() + notFull.waiting()).isZero();
    }
}
