package io.weir.core.sync;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;
import reactor.test.publisher.TestPublisher;

class AsyncLockTest {
    private final AsyncLock lock = AsyncLock.create();
    private final Sinks.Empty<Void> inside = Sinks.empty();

    private Disposable hold() {
        return lock.withLock(inside.asMono()).subscribe();
    }

    @Nested
    class WithLock {
        @Test
        void oneAfterTheOtherInTheOrderTheyAsked() {
            hold();
            List<Integer> order = new ArrayList<>();
            lock.withLock(Mono.fromRunnable(() -> order.add(0))).subscribe();
            lock.withLock(Flux.just(1, 2)).subscribe(order::add);
            lock.withLock(permit -> Mono.fromRunnable(() -> order.add(3))).subscribe();
            lock.lock().subscribe(permit -> {
                order.add(4);
                permit.release();
            });
            assertThat(lock.waiting()).isEqualTo(4);
            assertThat(lock.isLocked()).isTrue();
            assertThat(order).isEmpty();
            inside.tryEmitEmpty();
            assertThat(order).containsExactly(0, 1, 2, 3, 4);
            assertThat(lock.isLocked()).isFalse();
        }

        @Test
        void isFreeBeforeTheEndIsTold() {
            StepVerifier.create(lock.withLock(Mono.just(1)).map(i -> lock.isLocked()))
                    .expectNext(false)
                    .verifyComplete();
            List<Boolean> locked = new ArrayList<>();
            lock.withLock(Flux.just(1, 2))
                    .doOnNext(i -> locked.add(lock.isLocked()))
                    .doOnComplete(() -> locked.add(lock.isLocked()))
                    .blockLast();
            assertThat(locked).containsExactly(true, true, false);
        }

        @Test
        void isFreeAfterErrorAndCancel() {
            StepVerifier.create(lock.withLock(Flux.error(new IllegalStateException("body"))))
                    .verifyErrorMessage("body");
            assertThat(lock.isLocked()).isFalse();
            Disposable running = lock.withLock(Flux.never()).subscribe();
            assertThat(lock.isLocked()).isTrue();
            running.dispose();
            assertThat(lock.isLocked()).isFalse();
        }

        @Test
        void fluxDemandIsHonoured() {
            TestPublisher<Integer> source = TestPublisher.create();
            StepVerifier.create(lock.withLock(source.flux()), 1)
                    .then(() -> source.assertMaxRequested(1))
                    .then(() -> source.next(1))
                    .expectNext(1)
                    .thenCancel()
                    .verify();
            assertThat(lock.isLocked()).isFalse();
        }

        @Test
        void aCancelledWaiterTakesNoLock() {
            hold();
            lock.withLock(Mono.never()).subscribe().dispose();
            lock.withLock(Flux.never()).subscribe().dispose();
            lock.withLock(permit -> Mono.never()).subscribe().dispose();
            lock.lock().subscribe().dispose();
            assertThat(lock.waiting()).isZero();
            inside.tryEmitEmpty();
            assertThat(lock.isLocked()).isFalse();
        }

        @Test
        void aTimedWaitThatTimesOutHoldsNothing() {
            hold();
            StepVerifier.withVirtualTime(() -> lock.withLock(Duration.ofSeconds(1), Mono.just(1)))
                    .expectSubscription()
                    .expectNoEvent(Duration.ofMillis(999))
                    .thenAwait(Duration.ofMillis(1))
                    .verifyErrorSatisfies(e -> assertThat(e)
                            .isInstanceOfSatisfying(WaitTimeoutException.class, timeout -> {
                                assertThat(timeout.waitedFor()).isEqualTo("the lock");
                                assertThat(timeout.maxWait()).isEqualTo(Duration.ofSeconds(1));
                            }));
            inside.tryEmitEmpty();
            assertThat(lock.isLocked()).isFalse();
            assertThat(lock.withLock(Duration.ZERO, Mono.just(2)).block()).isEqualTo(2);
        }

        @Test
        void isNotReEntrant() {
            StepVerifier.withVirtualTime(() -> lock.withLock(lock.withLock(Duration.ofSeconds(1), Mono.just(1))))
                    .thenAwait(Duration.ofSeconds(1))
                    .verifyError(WaitTimeoutException.class);
            assertThat(lock.isLocked()).isFalse();
        }

        @Test
        void thePermitIsHeldFromTheCallOfTheBodyToItsEnd() {
            List<Permit> given = new ArrayList<>();
            Mono<Boolean> body = lock.withLock(permit -> {
                given.add(permit);
                assertThat(permit.isHeld()).isTrue();
                return Mono.fromSupplier(permit::isHeld);
            });
            assertThat(body.block()).isTrue();
            assertThat(given.get(0).isHeld()).isFalse();
        }

        @Test
        void aBodyThatThrowsOrReleasesItselfLeavesTheLockFree() {
            Function<Permit, Mono<Integer>> rude = permit -> {
                throw new IllegalStateException("rude");
            };
            StepVerifier.create(lock.withLock(rude)).verifyErrorMessage("rude");
            assertThat(lock.isLocked()).isFalse();
            lock.withLock(permit -> Mono.fromRunnable(permit::release)).block();
            assertThat(lock.isLocked()).isFalse();
            assertThat(lock.tryLock()).isNotNull();
            assertThat(lock.tryLock()).as("it came back once").isNull();
        }

        @Test
        void theContextReachesTheBody() {
            Mono<String> key = Mono.deferContextual(context -> Mono.just(context.get("key")));
            assertThat(Flux.concat(lock.withLock(key), lock.withLock(key.flux()), lock.withLock(permit -> key))
                            .contextWrite(context -> context.put("key", "value"))
                            .collectList()
                            .block())
                    .containsExactly("value", "value", "value");
        }
    }

    @Test
    void tryLockDoesNotOvertake() {
        Permit first = lock.tryLock();
        List<Permit> next = new ArrayList<>();
        lock.lock().subscribe(next::add);
        assertThat(lock.tryLock()).isNull();
        first.release();
        assertThat(lock.tryLock()).as("it went to who waits").isNull();
        assertThat(next).hasSize(1);
        next.get(0).close();
        assertThat(lock.tryLock()).isNotNull();
    }

    @Test
    void aMillionWaitersEachHandTheLockOnInConstantStack() {
        int million = 1_000_000;
        hold();
        AtomicInteger ran = new AtomicInteger();
        for (int i = 0; i < million / 2; i++) {
            lock.lock().subscribe(permit -> {
                ran.incrementAndGet();
                permit.release();
            });
            lock.withLock(permit -> Mono.fromSupplier(ran::incrementAndGet)).subscribe();
        }
        inside.tryEmitEmpty();
        assertThat(ran).hasValue(million);
        assertThat(lock.isLocked()).isFalse();
    }

    @RepeatedTest(3)
    void neverTwoInsideAndTheLockIsFreeInTheEndUnderRandomCancels() {
        int threads = 4;
        int each = 25_000;
        int[] plain = new int[1]; // not atomic: only the lock makes the sum right
        AtomicInteger ran = new AtomicInteger();
        AtomicInteger now = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        Runnable inside = () -> {
            most.accumulateAndGet(now.incrementAndGet(), Math::max);
            plain[0]++;
            ran.incrementAndGet();
            now.decrementAndGet();
        };
        Scheduler elsewhere = Schedulers.newParallel("elsewhere", 2);
        Together.run(threads, thread -> {
            SplittableRandom random = new SplittableRandom(thread);
            for (int i = 0; i < each; i++) {
                Mono<Void> body = Mono.fromRunnable(inside);
                Disposable running = switch (random.nextInt(6)) {
                    case 0 -> lock.withLock(body).subscribe();
                    case 1 -> lock.withLock(body.flux()).subscribe();
                    case 2 -> lock.withLock(permit -> body).subscribe();
                    case 3 ->
                        lock.withLock(Duration.ofNanos(random.nextInt(5000)), body)
                                .onErrorComplete(WaitTimeoutException.class)
                                .subscribe();
                    case 4 -> lock.withLock(body).subscribeOn(elsewhere).subscribe();
                    default -> {
                        Deliverer raw = new Deliverer(inside);
                        lock.lock().subscribe(raw);
                        yield raw;
                    }
                };
                if (random.nextBoolean()) {
                    running.dispose();
                }
                if (random.nextInt(10) == 0) {
                    Permit permit = lock.tryLock();
                    if (permit != null) {
                        inside.run();
                        permit.release();
                    }
                }
            }
        });
        elsewhere.disposeGracefully().block(Duration.ofSeconds(30)); // nobody comes any more
        lock.withLock(Mono.empty()).block(Duration.ofSeconds(30)); // behind all who wait
        assertThat(ran.get()).isPositive();
        assertThat(lock.withLock(Mono.fromSupplier(() -> plain[0])).block()).isEqualTo(ran.get());
        assertThat(most).hasValue(1);
        assertThat(lock.waiting()).isZero();
        Permit permit = lock.tryLock();
        assertThat(permit).isNotNull();
        permit.release();
    }

    /** Takes the permit also where its cancel comes at the same time: what Reactor's own would drop, nobody could release. */
    private static final class Deliverer implements CoreSubscriber<Permit>, Disposable {
        private final Runnable inside;
        private Subscription subscription;

        Deliverer(Runnable inside) {
            this.inside = inside;
        }

        @Override
        public void onSubscribe(Subscription subscription) {
            this.subscription = subscription;
            subscription.request(1);
        }

        @Override
        public void onNext(Permit permit) {
            inside.run();
            permit.release();
        }

        @Override
        public void onError(Throwable error) {
            throw new IllegalStateException(error);
        }

        @Override
        public void onComplete() {}

        @Override
        public void dispose() {
            subscription.cancel();
        }
    }
}
