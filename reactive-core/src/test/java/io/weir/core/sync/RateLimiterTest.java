package io.weir.core.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.Disposable;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;
import reactor.test.scheduler.VirtualTimeScheduler;

class RateLimiterTest {
    private static final long MS = 1_000_000;

    private final List<Integer> started = new ArrayList<>();

    private Disposable start(RateLimiter limiter, int number) {
        return limiter.acquire().subscribe(null, null, () -> started.add(number));
    }

    @Nested
    class Acquire {
        @Test
        void aBurstStartsAtOnceAndTheRestAtTheRate() {
            RateLimiter limiter = RateLimiter.of(10, Duration.ofSeconds(1), 3);
            StepVerifier.withVirtualTime(() -> Flux.range(0, 6).delayUntil(i -> limiter.acquire()))
                    .expectNext(0, 1, 2)
                    .expectNoEvent(Duration.ofMillis(99))
                    .thenAwait(Duration.ofMillis(1))
                    .expectNext(3)
                    .expectNoEvent(Duration.ofMillis(99))
                    .thenAwait(Duration.ofMillis(1))
                    .expectNext(4)
                    .thenAwait(Duration.ofMillis(100))
                    .expectNext(5)
                    .verifyComplete();
        }

        @Test
        void theBucketHoldsNoMoreThanABurst() {
            try (ManualClock clock = new ManualClock()) {
                RateLimiter limiter = RateLimiter.of(10, Duration.ofSeconds(1), 3);
                clock.advance(3600_000 * MS);
                for (int i = 0; i < 3; i++) {
                    assertThat(limiter.tryAcquire()).isTrue();
                }
                assertThat(limiter.tryAcquire()).isFalse();
                clock.advance(3600_000 * MS);
                for (int i = 0; i < 3; i++) {
                    assertThat(limiter.tryAcquire()).isTrue();
                }
                assertThat(limiter.tryAcquire()).isFalse();
            }
        }

        @Test
        void waitersGoOnInOrderAndNobodyOvertakes() {
            try (ManualClock clock = new ManualClock()) {
                RateLimiter limiter = RateLimiter.of(1, Duration.ofMillis(1), 1);
                for (int i = 0; i < 4; i++) {
                    start(limiter, i);
                }
                assertThat(started).containsExactly(0);
                assertThat(limiter.waiting()).isEqualTo(3);
                clock.sleep(MS);
                assertThat(limiter.tryAcquire())
                        .as("the token is for who waits")
                        .isFalse();
                clock.wake();
                assertThat(started).containsExactly(0, 1);
                clock.advance(2 * MS);
                assertThat(started).containsExactly(0, 1, 2, 3);
            }
        }

        @Test
        void aCancelledWaiterTakesNoTokenAndThoseBehindComeEarlier() {
            try (ManualClock clock = new ManualClock()) {
                RateLimiter limiter = RateLimiter.of(1, Duration.ofMillis(1), 1);
                start(limiter, 0);
                Disposable first = start(limiter, 1);
                start(limiter, 2);
                Disposable third = start(limiter, 3);
                start(limiter, 4);
                first.dispose();
                third.dispose();
                assertThat(limiter.waiting()).isEqualTo(2);
                clock.advance(MS);
                assertThat(started).containsExactly(0, 2);
                clock.advance(MS);
                assertThat(started).containsExactly(0, 2, 4);
            }
        }

        @Test
        void aTokenThatIsOnItsWayWhenTheWaitIsCancelledGoesToTheNext() {
            try (ManualClock clock = new ManualClock()) {
                RateLimiter limiter = RateLimiter.of(1, Duration.ofMillis(1), 2);
                start(limiter, 0);
                start(limiter, 1);
                Disposable[] third = new Disposable[1];
                limiter.acquire().subscribe(null, null, () -> {
                    started.add(2);
                    third[0].dispose(); // both have their tokens by now, and one is not told yet
                });
                third[0] = start(limiter, 3);
                start(limiter, 4);
                clock.sleep(2 * MS);
                clock.wake();
                assertThat(started).containsExactly(0, 1, 2, 4);
                assertThat(limiter.waiting()).isZero();
                assertThat(clock.pending()).isZero();
                assertThat(limiter.tryAcquire()).isFalse();
            }
        }

        @Test
        void cancelInOnSubscribeTakesNoToken() {
            RateLimiter limiter = RateLimiter.of(1, Duration.ofDays(1), 1);
            limiter.acquire().subscribe(new BaseSubscriber<>() {
                @Override
                protected void hookOnSubscribe(Subscription subscription) {
                    subscription.cancel();
                }
            });
            assertThat(limiter.tryAcquire()).isTrue();
        }

        @Test
        void needsNoDemandAndIsCold() {
            RateLimiter limiter = RateLimiter.of(1, Duration.ofDays(1), 2);
            Mono<Void> acquire = limiter.acquire();
            StepVerifier.create(acquire, 0).verifyComplete();
            StepVerifier.create(acquire, 0).verifyComplete();
            assertThat(limiter.tryAcquire()).isFalse();
        }

        @Test
        void runsOnRealTimeToo() {
            RateLimiter limiter = RateLimiter.of(1000, Duration.ofSeconds(1), 1);
            long begin = System.nanoTime();
            Flux.range(0, 20).delayUntil(i -> limiter.acquire()).blockLast(Duration.ofSeconds(30));
            assertThat(System.nanoTime() - begin).isGreaterThanOrEqualTo(19 * MS);
        }
    }

    @Nested
    class BoundedAcquire {
        @Test
        void failsAtOnceIfItCannotBeServedInTimeGivenThoseBefore() {
            try (ManualClock clock = new ManualClock()) {
                RateLimiter limiter = RateLimiter.of(1, Duration.ofMillis(10), 1);
                start(limiter, 0);
                clock.advance(3 * MS);
                start(limiter, 1); // in 7 ms
                List<Throwable> errors = new ArrayList<>();
                limiter.acquire(Duration.ofMillis(16)).subscribe(null, errors::add);
                assertThat(errors).singleElement().isInstanceOfSatisfying(WaitTimeoutException.class, timeout -> {
                    assertThat(timeout.waitedFor()).isEqualTo("a token");
                    assertThat(timeout.maxWait()).isEqualTo(Duration.ofMillis(16));
                });
                assertThat(limiter.waiting()).isEqualTo(1);
                limiter.acquire(Duration.ofMillis(17)).subscribe(null, errors::add, () -> started.add(2));
                assertThat(limiter.waiting()).isEqualTo(2);
                clock.advance(17 * MS);
                assertThat(started).containsExactly(0, 1, 2);
                assertThat(errors).hasSize(1);
            }
        }

        @Test
        void noWaitAllowedIsDecidedAtOnce() {
            RateLimiter limiter = RateLimiter.of(1, Duration.ofDays(1), 1);
            StepVerifier.create(limiter.acquire(Duration.ZERO)).verifyComplete();
            StepVerifier.create(limiter.acquire(Duration.ZERO)).verifyError(WaitTimeoutException.class);
            StepVerifier.create(limiter.acquire(Duration.ofSeconds(-1))).verifyError(WaitTimeoutException.class);
        }

        @Test
        void aWaitWithoutEndIsNone() {
            try (ManualClock clock = new ManualClock()) {
                RateLimiter limiter = RateLimiter.of(1, Duration.ofDays(1), 1);
                start(limiter, 0);
                limiter.acquire(Duration.ofSeconds(Long.MAX_VALUE)).subscribe(null, null, () -> started.add(1));
                clock.advance(24 * 3600_000 * MS);
                assertThat(started).containsExactly(0, 1);
            }
        }
    }

    @Nested
    class Timers {
        @Test
        void oneAtATimeAndNoneWhenNobodyWaits() {
            try (ManualClock clock = new ManualClock()) {
                RateLimiter limiter = RateLimiter.of(1, Duration.ofMillis(1), 1);
                start(limiter, 0);
                assertThat(clock.scheduled).isZero();
                List<Disposable> waiters = new ArrayList<>();
                for (int i = 0; i < 10; i++) {
                    waiters.add(start(limiter, i));
                    assertThat(clock.pending()).isEqualTo(1);
                }
                clock.advance(5 * MS);
                assertThat(clock.pending()).isEqualTo(1);
                assertThat(limiter.waiting()).isEqualTo(5);
                waiters.forEach(Disposable::dispose);
                assertThat(clock.pending()).isZero();
                assertThat(limiter.waiting()).isZero();
                clock.advance(MS);
                assertThat(limiter.tryAcquire()).isTrue();
            }
        }

        @Test
        void lateTimersDoNotAddUp() {
            try (ManualClock clock = new ManualClock()) {
                RateLimiter limiter =
                        RateLimiter.of(3, Duration.ofSeconds(1), 1); // a third of a second is no whole number
                start(limiter, 0);
                for (int i = 1; i <= 3000; i++) {
                    start(limiter, i);
                }
                SplittableRandom random = new SplittableRandom(5);
                long begin = clock.now;
                while (clock.now - begin < 1000_000 * MS) {
                    long step = Math.min(random.nextLong(900 * MS), 1000_000 * MS - (clock.now - begin));
                    clock.sleep(step);
                    clock.wake();
                    long due = Math.floorDiv((clock.now - begin) * 3, 1000 * MS);
                    assertThat(started).hasSize((int) Math.min(3000, due) + 1);
                }
                assertThat(started).hasSize(3001);
                assertThat(clock.pending()).isZero();
            }
        }

        @Test
        void aSchedulerThatRefusesTheTimerFailsWhoWaits() {
            try (ManualClock clock = new ManualClock()) {
                RateLimiter limiter = RateLimiter.of(1, Duration.ofMillis(1), 1);
                start(limiter, 0);
                clock.refuses = true;
                StepVerifier.create(limiter.acquire()).verifyError(RejectedExecutionException.class);
                assertThat(limiter.waiting()).isZero();
                clock.refuses = false;
                start(limiter, 1);
                clock.advance(MS);
                assertThat(started).containsExactly(0, 1);
            }
        }

        @Test
        void anotherClockInventsNoTokens() {
            RateLimiter limiter = RateLimiter.of(1, Duration.ofSeconds(1), 1);
            assertThat(limiter.tryAcquire()).isTrue();
            try (ManualClock clock = new ManualClock()) {
                assertThat(limiter.tryAcquire()).isFalse();
                clock.advance(1000 * MS);
                assertThat(limiter.tryAcquire()).isTrue();
            }
            assertThat(limiter.tryAcquire()).isFalse();
        }
    }

    @Nested
    class Limit {
        @Test
        void startsTheBodyWithItsTokenAndOnceForEachSubscription() {
            RateLimiter limiter = RateLimiter.of(1, Duration.ofSeconds(1), 1);
            AtomicInteger tries = new AtomicInteger();
            Mono<Integer> flaky = Mono.fromCallable(() -> {
                if (tries.incrementAndGet() == 1) {
                    throw new IllegalStateException("first try");
                }
                return tries.get();
            });
            StepVerifier.withVirtualTime(() -> limiter.limit(flaky).retry(1))
                    .expectSubscription()
                    .expectNoEvent(Duration.ofMillis(999))
                    .thenAwait(Duration.ofMillis(1))
                    .expectNext(2)
                    .verifyComplete();
        }

        @Test
        void aFluxTakesOneTokenForAll() {
            RateLimiter limiter = RateLimiter.of(1, Duration.ofDays(1), 1);
            assertThat(limiter.limit(Flux.range(0, 100)).collectList().block()).hasSize(100);
            assertThat(limiter.tryAcquire()).isFalse();
        }

        @Test
        void theContextReachesTheBody() {
            RateLimiter limiter = RateLimiter.of(1, Duration.ofDays(1), 2);
            Mono<String> key = Mono.deferContextual(context -> Mono.just(context.get("key")));
            assertThat(Flux.concat(limiter.limit(key), limiter.limit(key.flux()))
                            .contextWrite(context -> context.put("key", "value"))
                            .collectList()
                            .block())
                    .containsExactly("value", "value");
        }
    }

    @Test
    void refusesNumbersOutOfBounds() {
        Duration second = Duration.ofSeconds(1);
        assertThatThrownBy(() -> RateLimiter.of(0, second, 1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> RateLimiter.of(1, second, 0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> RateLimiter.of(1, Duration.ZERO, 1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> RateLimiter.of(1, second.negated(), 1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> RateLimiter.of(1, Duration.ofDays(1), Integer.MAX_VALUE))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> RateLimiter.of(1, Duration.ofSeconds(Long.MAX_VALUE), 1))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void theLargestNumbersDoNotOverflow() {
        try (ManualClock clock = new ManualClock()) {
            RateLimiter fast = RateLimiter.of(Integer.MAX_VALUE, Duration.ofNanos(1), Integer.MAX_VALUE);
            clock.advance(Long.MAX_VALUE / 2);
            assertThat(fast.tryAcquire()).isTrue();
            RateLimiter slow = RateLimiter.of(1, Duration.ofNanos(Long.MAX_VALUE), 1);
            assertThat(slow.tryAcquire()).isTrue();
            start(slow, 1);
            start(slow, 2);
            StepVerifier.create(slow.acquire(Duration.ofDays(1))).verifyError(WaitTimeoutException.class);
            clock.sleep(Long.MAX_VALUE);
            clock.wake();
            assertThat(started).containsExactly(1);
            assertThat(clock.pending()).isEqualTo(1);
        }
    }

    @Test
    void aMillionWaitersAreServedInConstantStack() {
        try (ManualClock clock = new ManualClock()) {
            int million = 1_000_000;
            RateLimiter limiter = RateLimiter.of(1, Duration.ofMillis(1), 1);
            AtomicInteger ran = new AtomicInteger();
            Mono<Void> again = limiter.acquire().doOnSuccess(end -> ran.incrementAndGet());
            limiter.tryAcquire();
            for (int i = 0; i < million; i++) {
                again.subscribe();
            }
            clock.sleep(million * MS);
            clock.wake();
            assertThat(ran).hasValue(million);
            assertThat(limiter.waiting()).isZero();
        }
    }

    @RepeatedTest(3)
    void noTokenIsLostOrInventedUnderRandomCancelsWhileTimeGoesOn() {
        VirtualTimeScheduler time = VirtualTimeScheduler.getOrSet();
        try {
            int burst = 7;
            RateLimiter limiter = RateLimiter.of(3, Duration.ofNanos(1000), burst);
            AtomicLong completed = new AtomicLong();
            AtomicLong mine = new AtomicLong();
            AtomicLong cancelled = new AtomicLong();
            AtomicLong errors = new AtomicLong();
            AtomicLong asked = new AtomicLong();
            for (int i = 0; i < 60_000; i++) { // so that somebody waits all the time
                limiter.acquire().subscribe(null, null, completed::incrementAndGet);
            }
            Together.run(4, thread -> {
                SplittableRandom random = new SplittableRandom(thread);
                for (int i = 0; i < 15_000; i++) {
                    if (thread == 0) {
                        time.advanceTimeBy(Duration.ofNanos(random.nextLong(2000)));
                    }
                    if (random.nextInt(4) == 0) {
                        assertThat(limiter.tryAcquire()).isFalse();
                    }
                    asked.incrementAndGet();
                    Subscription[] wait = new Subscription[1];
                    Mono<Void> acquire = random.nextBoolean() ? limiter.acquire() : limiter.acquire(Duration.ofDays(1));
                    acquire.subscribe(
                            new CoreSubscriber<>() { // a BaseSubscriber would not tell what came during its cancel
                                @Override
                                public void onSubscribe(Subscription subscription) {
                                    wait[0] = subscription;
                                }

                                @Override
                                public void onNext(Void none) {}

                                @Override
                                public void onError(Throwable error) {
                                    errors.incrementAndGet();
                                }

                                @Override
                                public void onComplete() {
                                    completed.incrementAndGet();
                                    mine.incrementAndGet();
                                }
                            });
                    if (random.nextInt(3) > 0) {
                        wait[0].cancel();
                        cancelled.incrementAndGet();
                    }
                }
            });
            long elapsed = time.now(TimeUnit.NANOSECONDS);
            assertThat(completed.get()).isEqualTo(burst + elapsed * 3 / 1000);
            assertThat(limiter.waiting()).isPositive();
            time.advanceTimeBy(Duration.ofSeconds(1));
            assertThat(limiter.waiting()).isZero();
            assertThat(mine.get())
                    .as("who did not cancel was served")
                    .isBetween(asked.get() - cancelled.get(), asked.get());
            assertThat(errors).hasValue(0);
        } finally {
            VirtualTimeScheduler.reset();
        }
    }

    @RepeatedTest(3)
    void whatIsOnItsWayWhenItIsCancelledIsNotLost() {
        try (ManualClock clock = new ManualClock()) { // time stands still: there is the burst and no more
            int burst = 20_000;
            RateLimiter limiter = RateLimiter.of(1, Duration.ofSeconds(1), burst);
            AtomicInteger used = new AtomicInteger();
            Together.run(4, thread -> {
                SplittableRandom random = new SplittableRandom(thread);
                for (int i = 0; i < burst; i++) {
                    if (random.nextInt(4) == 0) {
                        used.addAndGet(limiter.tryAcquire() ? 1 : 0);
                        continue;
                    }
                    boolean early = random.nextBoolean();
                    limiter.acquire(Duration.ZERO).subscribe(new BaseSubscriber<>() {
                        @Override
                        protected void hookOnSubscribe(Subscription subscription) {
                            if (early) {
                                subscription.cancel();
                            }
                        }

                        @Override
                        protected void hookOnError(Throwable error) {
                            assertThat(error).isInstanceOf(WaitTimeoutException.class);
                        }

                        @Override
                        protected void hookOnComplete() {
                            used.incrementAndGet();
                        }
                    });
                }
            });
            while (limiter.tryAcquire()) {
                used.incrementAndGet();
            }
            assertThat(used).hasValue(burst);
            assertThat(clock.pending()).isZero();
        }
    }
}
