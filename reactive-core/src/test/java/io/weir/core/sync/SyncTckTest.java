package io.weir.core.sync;

import io.weir.testing.Tck;
import java.time.Duration;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscriber;
import org.reactivestreams.tck.PublisherVerification;
import org.reactivestreams.tck.SubscriberBlackboxVerification;
import org.testng.SkipException;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** Everything of the package that can be subscribed to, and what {@code putAll} subscribes with, under the rules of Reactive Streams. */
class SyncTckTest {
    private static final Duration LONG = Duration.ofMinutes(1);
    private static final int MANY = 1_000;

    @TestFactory
    Stream<DynamicContainer> publishers() {
        return Stream.of(waitsForAnElement(), waitsForRoom(), waitsForAPermit(), waitsForOthers())
                .flatMap(constructs -> constructs)
                .map(construct -> DynamicContainer.dynamicContainer(construct.name, Tck.rules(construct)));
    }

    private static Stream<Construct> waitsForAnElement() {
        return Stream.of(
                one("take, of one that waits", () -> {
                    AsyncQueue<Integer> queue = AsyncQueue.bounded(1);
                    later(() -> queue.tryPut(1));
                    return queue.take();
                }),
                one("poll", () -> queueOf(1).poll(LONG))
                        .failing(() -> closedQueue().poll(LONG)),
                one("poll, of one that waits", () -> {
                    AsyncQueue<Integer> queue = AsyncQueue.bounded(1);
                    later(() -> queue.tryPut(1));
                    return queue.poll(LONG);
                }),
                none("poll, in vain", () -> AsyncQueue.bounded(1).poll(Duration.ZERO)),
                one(
                        "select",
                        () -> Select.<Integer>first(
                                queueOf(1).onTake(x -> x), queueOf(0).onTake(x -> x))),
                one("select, of one that waits", () -> {
                    AsyncQueue<Integer> queue = AsyncQueue.bounded(1);
                    later(() -> queue.tryPut(1));
                    return Select.<Integer>first(queueOf(0).onTake(x -> x), queue.onTake(x -> x));
                }));
    }

    private static Stream<Construct> waitsForRoom() {
        return Stream.of(
                none("put", () -> queueOf(0).put(1)).failing(() -> closedQueue().put(1)),
                none("put, of one that waits", () -> {
                    AsyncQueue<Integer> queue = queueOf(MANY);
                    later(queue::tryTake);
                    return queue.put(1);
                }),
                none("putAll", () -> queueOf(0).putAll(Flux.range(0, 10)))
                        .failing(() -> queueOf(0).putAll(Flux.error(new IllegalStateException("for the TCK")))),
                none("putAll, of one that waits", () -> {
                    AsyncQueue<Integer> queue = queueOf(MANY);
                    later(queue::tryTake);
                    return queue.putAll(Flux.just(1));
                }),
                none("join", () -> queueOf(0).join()),
                none("join, of one that waits", () -> {
                    AsyncQueue<Integer> queue = queueOf(1);
                    later(queue::taskDone);
                    return queue.join();
                }));
    }

    private static Stream<Construct> waitsForAPermit() {
        return Stream.of(
                one("acquire", () -> AsyncSemaphore.of(MANY).acquire()),
                one("acquire, of one that waits", () -> heldForAMoment(1).acquire()),
                one("acquire with a weight", () -> AsyncSemaphore.of(3).acquire(3)),
                one(
                        "acquire with a weight, of one that waits",
                        () -> heldForAMoment(3).acquire(3)),
                one("withPermit(Mono)", () -> heldForAMoment(1).withPermit(Mono.just(1))),
                none("withPermit(Mono), empty", () -> AsyncSemaphore.of(1).withPermit(Mono.empty())),
                many("withPermit(Flux)", count -> heldForAMoment(1).withPermit(Flux.range(0, count))),
                one("withPermit(weight)", () -> heldForAMoment(3).withPermit(2, Mono.just(1))),
                one("withPermit(Duration)", () -> heldForAMoment(1).withPermit(LONG, Mono.just(1))),
                one("lock", () -> AsyncLock.create().lock()),
                one("withLock(Mono)", () -> AsyncLock.create().withLock(Mono.just(1))),
                many("withLock(Flux)", count -> AsyncLock.create().withLock(Flux.range(0, count))),
                one("withLock(Function)", () -> AsyncLock.create().withLock(permit -> Mono.just(1))),
                one("withLock(Duration)", () -> AsyncLock.create().withLock(LONG, Mono.just(1))),
                none("limiter.acquire", () -> RateLimiter.of(1, LONG, 1).acquire())
                        .failing(() -> usedUp(LONG).acquire(Duration.ZERO)),
                none(
                        "limiter.acquire, of one that waits",
                        () -> usedUp(Duration.ofMillis(1)).acquire()),
                one("limit(Mono)", () -> usedUp(Duration.ofMillis(1)).limit(Mono.just(1))),
                many("limit(Flux)", count -> usedUp(Duration.ofMillis(1)).limit(Flux.range(0, count))));
    }

    private static Stream<Construct> waitsForOthers() {
        return Stream.of(
                none("event.await", () -> {
                            AsyncEvent event = AsyncEvent.create();
                            event.set();
                            return event.await();
                        })
                        .failing(() -> AsyncEvent.create().await(Duration.ZERO)),
                none("event.await, of one that waits", () -> setInAMoment().await()),
                none("event.await(Duration)", () -> setInAMoment().await(LONG)),
                none("condition.await", () -> {
                            AsyncLock lock = AsyncLock.create();
                            AsyncCondition condition = AsyncCondition.on(lock);
                            Permit held = lock.tryLock();
                            Mono<Void> signal = Mono.fromRunnable(condition::signal);
                            lock.withLock(signal.subscribeOn(Schedulers.boundedElastic()))
                                    .subscribe();
                            return condition.await(held); // lets the one in that signals
                        })
                        .failing(() -> {
                            AsyncLock lock = AsyncLock.create();
                            Permit released = lock.tryLock();
                            released.release();
                            return AsyncCondition.on(lock).await(released);
                        }),
                one("barrier.await", () -> AsyncBarrier.of(1).await()),
                one("barrier.await, of one that waits", () -> {
                    AsyncBarrier barrier = AsyncBarrier.of(2);
                    later(() -> barrier.await().subscribe());
                    return barrier.await();
                }));
    }

    @TestFactory
    Stream<DynamicTest> theSubscriberOfPutAll() {
        return Tck.rules(new PutAllSubscriber());
    }

    private static AsyncQueue<Integer> queueOf(int count) {
        AsyncQueue<Integer> queue = AsyncQueue.bounded(MANY);
        for (int i = 0; i < count; i++) {
            queue.tryPut(i);
        }
        return queue;
    }

    private static AsyncQueue<Integer> closedQueue() {
        AsyncQueue<Integer> queue = queueOf(0);
        queue.close();
        return queue;
    }

    /** Its permits come one after the other. */
    private static AsyncSemaphore heldForAMoment(int permits) {
        AsyncSemaphore semaphore = AsyncSemaphore.of(permits);
        for (int i = 0; i < permits; i++) {
            later(semaphore.tryAcquire()::release);
        }
        return semaphore;
    }

    private static RateLimiter usedUp(Duration period) {
        RateLimiter limiter = RateLimiter.of(1, period, 1);
        limiter.tryAcquire();
        return limiter;
    }

    private static AsyncEvent setInAMoment() {
        AsyncEvent event = AsyncEvent.create();
        later(event::set);
        return event;
    }

    /** Mostly after the subscription, and mostly on another thread than the request; both orders must keep the rules. */
    private static void later(Runnable work) {
        Schedulers.boundedElastic().schedule(work);
    }

    private static Construct none(String name, Supplier<Publisher<?>> make) {
        return new Construct(name, 0, count -> make.get());
    }

    private static Construct one(String name, Supplier<Publisher<?>> make) {
        return new Construct(name, 1, count -> make.get());
    }

    private static Construct many(String name, Make make) {
        return new Construct(name, MANY, make);
    }

    @FunctionalInterface
    private interface Make {
        Publisher<?> make(int count);
    }

    /** A new publisher for each rule; what it emits does not matter to the TCK. */
    private static final class Construct extends PublisherVerification<Object> {
        private final String name;
        private final long most;
        private final Make make;
        private @Nullable Supplier<Publisher<?>> failing;

        Construct(String name, long most, Make make) {
            super(Tck.environment());
            this.name = name;
            this.most = most;
            this.make = make;
        }

        /** Without it the rules for what fails on subscribe do not apply: it fails on request, or not at all. */
        Construct failing(Supplier<Publisher<?>> failing) {
            this.failing = failing;
            return this;
        }

        @Override
        public Publisher<Object> createPublisher(long elements) {
            return asObjects(make.make((int) Math.min(elements, MANY)));
        }

        @Override
        public @Nullable Publisher<Object> createFailedPublisher() {
            return failing == null ? null : asObjects(failing.get());
        }

        @SuppressWarnings("unchecked") // who only receives takes anything
        private static Publisher<Object> asObjects(Publisher<?> publisher) {
            return (Publisher<Object>) publisher;
        }

        @Override
        public long maxElementsFromPublisher() {
            return most;
        }

        /** Optional, and would wait two seconds to find out. */
        @Override
        public void optional_spec111_registeredSubscribersMustReceiveOnNextOrOnCompleteSignals() {
            throw new SkipException("each subscriber waits for its own, and there may be one only");
        }
    }

    private static final class PutAllSubscriber extends SubscriberBlackboxVerification<Integer> {
        PutAllSubscriber() {
            super(Tck.environment());
        }

        @Override
        @SuppressWarnings("unchecked") // it is a subscriber of Integer that the source is given
        public Subscriber<Integer> createSubscriber() {
            Subscriber<?>[] given = new Subscriber<?>[1];
            Publisher<Integer> source = subscriber -> given[0] = subscriber;
            AsyncQueue.<Integer>unbounded().putAll(source).subscribe(end -> {}, error -> {});
            return (Subscriber<Integer>) given[0];
        }

        @Override
        public Integer createElement(int element) {
            return element;
        }
    }
}
