package io.weir.core.sync;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.reactivestreams.Publisher;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** A wait that was cancelled is forgotten at once, and not only when its turn would have come. */
class RetentionTest {
    private final AsyncLock lock = AsyncLock.create();
    private final Permit held = lock.tryLock();
    private final AsyncEvent event = AsyncEvent.create();
    private final AsyncBarrier barrier = AsyncBarrier.of(2);
    private final AsyncLock free = AsyncLock.create();
    private final AsyncCondition condition = AsyncCondition.on(free);
    private final RateLimiter limiter = RateLimiter.of(1, Duration.ofDays(1), 1);
    private final AsyncSemaphore two = AsyncSemaphore.of(2);
    private final AsyncSemaphore none = AsyncSemaphore.of(1);
    private final AsyncQueue<Integer> full = AsyncQueue.bounded(1);
    private final Mono<String> acquire = Mono.never();

    @TestFactory
    Stream<DynamicTest> aCancelledWaiterIsNotRetained() {
        assertThat(held.isHeld()).isTrue();
        assertThat(limiter.tryAcquire()).isTrue();
        assertThat(two.tryAcquire()).isNotNull();
        assertThat(none.tryAcquire()).isNotNull();
        assertThat(full.tryPut(0)).isTrue();
        Map<String, Supplier<Publisher<?>>> waits = Map.ofEntries(
                Map.entry("withLock(Mono)", () -> lock.withLock(Mono.never())),
                Map.entry("withLock(Flux)", () -> lock.withLock(Flux.never())),
                Map.entry("withLock(Function)", () -> lock.withLock(permit -> Mono.never())),
                Map.entry("withLock(Duration, Mono)", () -> lock.withLock(Duration.ofHours(1), Mono.never())),
                Map.entry("lock", lock::lock),
                Map.entry("event.await", event::await),
                Map.entry("event.await(Duration)", () -> event.await(Duration.ofHours(1))),
                Map.entry("barrier.await", barrier::await),
                Map.entry("condition.await", () -> free.withLock(condition::await)),
                Map.entry(
                        "condition.await(until)", () -> free.withLock(permit -> condition.await(permit, () -> false))),
                Map.entry("acquire(weight)", () -> two.acquire(2)),
                Map.entry("withPermit(weight, Mono)", () -> two.withPermit(2, Mono.never())),
                Map.entry("withPermit(Flux)", () -> none.withPermit(Flux.never())),
                Map.entry("withPermit(Duration, Mono)", () -> none.withPermit(Duration.ofHours(1), Mono.never())),
                Map.entry("putAll", () -> full.putAll(Flux.just(1))),
                Map.entry("putAll, without an element", () -> full.putAll(Flux.never())),
                Map.entry("limiter.acquire", limiter::acquire),
                Map.entry("limiter.acquire(Duration)", () -> limiter.acquire(Duration.ofDays(3))),
                Map.entry("bracket", () -> Bracket.using(acquire, r -> Mono.never(), r -> Mono.empty())));
        return waits.entrySet().stream()
                .map(wait -> DynamicTest.dynamicTest(
                        wait.getKey(),
                        () -> assertThat(Together.isCollected(() ->
                                        subscribedAndCancelled(wait.getValue().get())))
                                .isTrue()));
    }

    private static Object subscribedAndCancelled(Publisher<?> wait) {
        BaseSubscriber<Object> subscriber = new BaseSubscriber<>() {};
        wait.subscribe(subscriber);
        assertThat(subscriber.isDisposed()).as("it waits").isFalse();
        subscriber.cancel();
        return subscriber;
    }
}
