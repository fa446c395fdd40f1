package io.weir.core.sync;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Operators;
import reactor.util.context.Context;

/**
 * What comes while the use of a bracket is being called or subscribed, that is while its code runs on the thread that brought
 * the resource. One thread stands in that code until the test lets it go on; the test's own thread does the rest.
 */
@Timeout(60)
class BracketEnterTest {
    private final Stop stop = new Stop();
    private final AtomicInteger released = new AtomicInteger();
    private final List<Object> discarded = new CopyOnWriteArrayList<>();
    private final List<Throwable> dropped = new CopyOnWriteArrayList<>();
    private final BaseSubscriber<Integer> subscriber = new BaseSubscriber<>() {};

    @AfterEach
    void letGo() throws InterruptedException {
        stop.goOn();
    }

    private Mono<Void> release(String resource) {
        return Mono.fromRunnable(released::incrementAndGet);
    }

    private boolean isReleased() {
        return released.get() > 0;
    }

    /** Where one thread stands until it is let go on. */
    private static final class Stop {
        private final CountDownLatch reached = new CountDownLatch(1);
        private final CountDownLatch open = new CountDownLatch(1);
        private Thread thread = Thread.currentThread();

        void here() {
            reached.countDown();
            try {
                open.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }

        /** Returns when {@code run}, on a thread of its own, stands here. */
        void reachedBy(Runnable run) throws InterruptedException {
            thread = new Thread(run, "stands-in-the-body");
            thread.start();
            reached.await();
        }

        void goOn() throws InterruptedException {
            open.countDown();
            if (thread != Thread.currentThread()) {
                thread.join();
            }
        }
    }

    /** Its subscribe stands at the stop. */
    private final class Body extends Mono<Integer> {
        private final Consumer<CoreSubscriber<? super Integer>> before;
        private final Consumer<CoreSubscriber<? super Integer>> after;
        private volatile CoreSubscriber<? super Integer> actual;
        private volatile boolean cancelled;

        Body() {
            this(s -> {}, s -> {});
        }

        Body(Consumer<CoreSubscriber<? super Integer>> before, Consumer<CoreSubscriber<? super Integer>> after) {
            this.before = before;
            this.after = after;
        }

        @Override
        public void subscribe(CoreSubscriber<? super Integer> subscriber) {
            actual = subscriber;
            subscriber.onSubscribe(new Subscription() {
                @Override
                public void request(long n) {}

                @Override
                public void cancel() {
                    cancelled = true;
                }
            });
            before.accept(subscriber);
            stop.here();
            after.accept(subscriber);
        }
    }

    private void enter(Publisher<Integer> section) throws InterruptedException {
        Flux<Integer> watched = Flux.from(section)
                .doOnDiscard(Object.class, discarded::add)
                .contextWrite(
                        context -> context.put("reactor.onErrorDropped.local", (Consumer<Throwable>) dropped::add));
        stop.reachedBy(() -> watched.subscribe(subscriber));
    }

    @Nested
    class CancelledFromAnotherThread {
        private void keepsUntilSubscribeReturns(Publisher<Integer> section, Body body, BooleanSupplier free)
                throws InterruptedException {
            enter(section);
            subscriber.cancel();
            assertThat(body.cancelled).as("the body hears of it at once").isTrue();
            assertThat(free.getAsBoolean()).as("free while the body runs").isFalse();
            stop.goOn();
            assertThat(free.getAsBoolean()).as("free after it has returned").isTrue();
            subscriber.cancel();
        }

        @Test
        void usingReleasesWhenSubscribeHasReturned() throws InterruptedException {
            Body body = new Body();
            keepsUntilSubscribeReturns(
                    Bracket.using(Mono.just("r"), r -> body, BracketEnterTest.this::release),
                    body,
                    BracketEnterTest.this::isReleased);
            assertThat(released).hasValue(1);
        }

        @Test
        void usingManyReleasesWhenSubscribeHasReturned() throws InterruptedException {
            Body body = new Body();
            keepsUntilSubscribeReturns(
                    Bracket.usingMany(Mono.just("r"), r -> body, BracketEnterTest.this::release),
                    body,
                    BracketEnterTest.this::isReleased);
            assertThat(released).hasValue(1);
        }

        @Test
        void theLockGoesToTheNextWhenSubscribeHasReturned() throws InterruptedException {
            AsyncLock lock = AsyncLock.create();
            Body body = new Body();
            List<Thread> next = new CopyOnWriteArrayList<>();
            enter(lock.withLock(permit -> body));
            lock.withLock(Mono.fromRunnable(() -> next.add(Thread.currentThread())))
                    .subscribe();
            subscriber.cancel();
            assertThat(body.cancelled).isTrue();
            assertThat(next).isEmpty();
            assertThat(lock.isLocked()).isTrue();
            stop.goOn();
            assertThat(next).containsExactly(stop.thread);
            assertThat(lock.tryLock()).isNotNull();
            assertThat(lock.tryLock()).as("it came back once").isNull();
        }

        @Test
        void aStreamUnderTheLockKeepsItUntilSubscribeHasReturned() throws InterruptedException {
            AsyncLock lock = AsyncLock.create();
            Body body = new Body();
            keepsUntilSubscribeReturns(lock.withLock(body.flux()), body, () -> !lock.isLocked());
            assertThat(lock.tryLock()).isNotNull();
            assertThat(lock.tryLock()).as("it came back once").isNull();
        }

        @Test
        void aCancelThatTheBodyIsStillHearingOfIsWaitedForAfterSubscribeHasReturned() throws InterruptedException {
            Stop hearing = new Stop();
            enter(Bracket.usingMany(
                    Mono.just("r"), r -> new Body().doOnCancel(hearing::here), BracketEnterTest.this::release));
            hearing.reachedBy(subscriber::cancel);
            stop.goOn();
            assertThat(released).hasValue(0);
            hearing.goOn();
            assertThat(released).hasValue(1);
        }

        @Test
        void aBodyThatFailsOnItsCancelDoesNotRelease() throws InterruptedException {
            Throwable late = new IllegalStateException("cancelled");
            Mono<Integer> body = new Mono<>() {
                @Override
                public void subscribe(CoreSubscriber<? super Integer> actual) {
                    actual.onSubscribe(new Subscription() {
                        @Override
                        public void request(long n) {}

                        @Override
                        public void cancel() {
                            actual.onError(late);
                        }
                    });
                    stop.here();
                }
            };
            enter(Bracket.using(Mono.just("r"), r -> body, BracketEnterTest.this::release));
            subscriber.cancel();
            assertThat(released).hasValue(0);
            assertThat(dropped).containsExactly(late);
            stop.goOn();
            assertThat(released).hasValue(1);
        }

        @Test
        void aUseThatIsBeingCalledIsNotSubscribedAndThenReleased() throws InterruptedException {
            AtomicInteger subscribed = new AtomicInteger();
            enter(Bracket.using(
                    Mono.just("r"),
                    r -> {
                        stop.here();
                        return Mono.fromSupplier(subscribed::incrementAndGet);
                    },
                    BracketEnterTest.this::release));
            subscriber.cancel();
            assertThat(released).hasValue(0);
            stop.goOn();
            assertThat(released).hasValue(1);
            assertThat(subscribed).hasValue(0);
        }

        @Test
        void aUseThatThrowsThenIsReleasedAndItsErrorDropped() throws InterruptedException {
            RuntimeException rude = new IllegalStateException("rude");
            enter(Bracket.usingMany(
                    Mono.just("r"),
                    r -> {
                        stop.here();
                        throw rude;
                    },
                    BracketEnterTest.this::release));
            subscriber.cancel();
            assertThat(released).hasValue(0);
            stop.goOn();
            assertThat(released).hasValue(1);
            assertThat(dropped).containsExactly(rude);
        }

        @Test
        void whatTheBodyTellsThenIsDiscardedAndDroppedAndEndsNothing() throws InterruptedException {
            Throwable late = new IllegalStateException("late");
            Body body = new Body(s -> s.onNext(1), s -> {
                s.onNext(2);
                s.onError(late);
            });
            enter(Bracket.using(Mono.just("r"), r -> body, BracketEnterTest.this::release));
            subscriber.cancel();
            assertThat(discarded).containsExactly(1);
            stop.goOn();
            assertThat(discarded).containsExactly(1, 2);
            assertThat(dropped).containsExactly(late);
            assertThat(released).hasValue(1);
        }

        @Test
        void aBodyThatCompletesOnAnotherThreadThenDoesNotReleaseEither() throws InterruptedException {
            Body body = new Body();
            enter(Bracket.usingMany(Mono.just("r"), r -> body, BracketEnterTest.this::release));
            subscriber.cancel();
            body.actual.onComplete();
            assertThat(released).hasValue(0);
            stop.goOn();
            assertThat(released).hasValue(1);
        }

        @Test
        void anElementToldOnAnotherThreadThatCancelsWaitsForSubscribeToo() throws InterruptedException {
            Body body = new Body();
            enter(Bracket.usingMany(Mono.just("r"), r -> body, BracketEnterTest.this::release)
                    .doOnNext(i -> subscriber.cancel()));
            body.actual.onNext(1);
            assertThat(body.cancelled).isTrue();
            assertThat(released).hasValue(0);
            stop.goOn();
            assertThat(released).hasValue(1);
        }

        @Test
        void aCancelWhileAnElementIsToldWaitsForSubscribeToo() throws InterruptedException {
            enter(Bracket.usingMany(Mono.just("r"), r -> Flux.just(1, 2), BracketEnterTest.this::release)
                    .doOnNext(i -> stop.here()));
            subscriber.cancel();
            assertThat(released).hasValue(0);
            stop.goOn();
            assertThat(released).hasValue(1);
        }
    }

    @Nested
    class OnTheSameThread {
        @Test
        void aCancelInTheCodeOfTheBodyWaitsForItToReturn() {
            AtomicInteger during = new AtomicInteger(-1);
            for (Publisher<Integer> section : List.<Publisher<Integer>>of(
                    Bracket.using(Mono.just("r"), r -> cancels(during), BracketEnterTest.this::release),
                    Bracket.usingMany(Mono.just("r"), r -> cancels(during), BracketEnterTest.this::release))) {
                released.set(0);
                section.subscribe(new Canceller());
                assertThat(during).hasValue(0);
                assertThat(released).hasValue(1);
            }
        }

        private Mono<Integer> cancels(AtomicInteger during) {
            return Mono.deferContextual(context -> {
                context.<Canceller>get("self").cancel();
                during.set(released.get());
                return Mono.just(1);
            });
        }

        private static final class Canceller extends BaseSubscriber<Integer> {
            @Override
            public Context currentContext() {
                return Context.of("self", this);
            }
        }

        @Test
        void aSynchronousBodyIsReleasedOnceAndLeavesNothingForACancel() {
            for (Publisher<Integer> section : List.<Publisher<Integer>>of(
                    Bracket.using(Mono.just("r"), r -> Mono.just(1), BracketEnterTest.this::release),
                    Bracket.usingMany(Mono.just("r"), r -> Flux.just(1, 2), BracketEnterTest.this::release),
                    Bracket.usingMany(Mono.just("r"), r -> Flux.empty(), BracketEnterTest.this::release))) {
                released.set(0);
                BaseSubscriber<Integer> all = new BaseSubscriber<>() {};
                section.subscribe(all);
                assertThat(released).hasValue(1);
                all.cancel();
                assertThat(released).hasValue(1);
            }
        }

        @Test
        void aBodyThatThrowsWhatReactorDoesNotCatchCanStillBeCancelled() {
            Flux<Integer> fatal = new Flux<>() {
                @Override
                public void subscribe(CoreSubscriber<? super Integer> subscriber) {
                    subscriber.onSubscribe(Operators.emptySubscription());
                    throw new StackOverflowError("a made up one");
                }
            };
            try {
                Bracket.usingMany(Mono.just("r"), r -> fatal, BracketEnterTest.this::release)
                        .subscribe(subscriber);
            } catch (StackOverflowError expected) {
                discarded.add(expected);
            }
            assertThat(discarded).hasSize(1);
            subscriber.cancel();
            assertThat(released).hasValue(1);
        }
    }

    @Test
    void aBodyThatEndsOnAnotherThreadIsOverThoughSubscribeStillRuns() throws InterruptedException {
        Body body = new Body();
        enter(Bracket.using(Mono.just("r"), r -> body, this::release));
        body.actual.onComplete();
        assertThat(released).hasValue(1);
        subscriber.cancel();
        stop.goOn();
        assertThat(released).hasValue(1);
    }

    @Test
    void aCancelAfterSubscribeHasReturnedReleasesAtOnce() throws InterruptedException {
        Body body = new Body();
        enter(Bracket.usingMany(Mono.just("r"), r -> body, this::release));
        stop.goOn();
        assertThat(released).hasValue(0);
        subscriber.cancel();
        assertThat(released).hasValue(1);
    }
}
