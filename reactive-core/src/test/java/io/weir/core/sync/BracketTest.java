package io.weir.core.sync;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.testing.Tck;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscription;
import org.reactivestreams.tck.PublisherVerification;
import reactor.core.CoreSubscriber;
import reactor.core.Disposable;
import reactor.core.Scannable;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Operators;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;
import reactor.test.publisher.TestPublisher;

class BracketTest {
    private final List<String> order = new CopyOnWriteArrayList<>();
    private final List<Object> discarded = new CopyOnWriteArrayList<>();
    private final List<Throwable> dropped = new CopyOnWriteArrayList<>();

    private Mono<String> acquire() {
        return Mono.fromSupplier(() -> {
            order.add("acquire");
            return "r";
        });
    }

    private Mono<Void> release(String resource) {
        return Mono.fromRunnable(() -> order.add("release " + resource));
    }

    /** What is dropped and discarded under {@code mono} is kept. */
    private <T> Mono<T> watched(Mono<T> mono) {
        return mono.doOnDiscard(Object.class, discarded::add)
                .contextWrite(
                        context -> context.put("reactor.onErrorDropped.local", (Consumer<Throwable>) dropped::add));
    }

    /** A source that emits when told, whatever became of its subscriber. */
    private static final class Deaf<T> extends Mono<T> {
        CoreSubscriber<? super T> subscriber;
        boolean cancelled;

        @Override
        public void subscribe(CoreSubscriber<? super T> subscriber) {
            this.subscriber = subscriber;
            subscriber.onSubscribe(new Subscription() {
                @Override
                public void request(long n) {}

                @Override
                public void cancel() {
                    cancelled = true;
                }
            });
        }
    }

    @Nested
    class Using {
        @Test
        void theResultIsToldAfterTheReleaseHasCompleted() {
            Sinks.Empty<Void> released = Sinks.empty();
            Mono<Integer> result = Bracket.using(acquire(), r -> Mono.just(1), r -> released.asMono());
            result.subscribe(i -> order.add("result " + i));
            assertThat(order).containsExactly("acquire");
            released.tryEmitEmpty();
            assertThat(order).containsExactly("acquire", "result 1");
        }

        @Test
        void releasesOnceAfterCompleteErrorAndEmpty() {
            StepVerifier.create(Bracket.using(acquire(), r -> Mono.just(1), BracketTest.this::release))
                    .expectNext(1)
                    .verifyComplete();
            assertThat(order).containsExactly("acquire", "release r");
            StepVerifier.create(Bracket.using(
                            acquire(),
                            r -> Mono.<Integer>error(new IllegalStateException("use")),
                            BracketTest.this::release))
                    .verifyErrorMessage("use");
            assertThat(order).hasSize(4).endsWith("acquire", "release r");
            StepVerifier.create(Bracket.using(acquire(), r -> Mono.<Integer>empty(), BracketTest.this::release))
                    .verifyComplete();
            assertThat(order).hasSize(6).endsWith("acquire", "release r");
        }

        @Test
        void aUseThatThrowsOrReturnsNullReleases() {
            Function<String, Mono<Integer>> rude = r -> {
                throw new IllegalStateException("rude");
            };
            StepVerifier.create(Bracket.using(acquire(), rude, BracketTest.this::release))
                    .verifyErrorMessage("rude");
            Function<String, Mono<Integer>> none = r -> null;
            StepVerifier.create(Bracket.using(acquire(), none, BracketTest.this::release))
                    .verifyErrorMessage("use returned null");
            assertThat(order).containsExactly("acquire", "release r", "acquire", "release r");
        }

        @Test
        void anAcquireThatIsEmptyOrFailsReleasesNothing() {
            StepVerifier.create(Bracket.using(Mono.<String>empty(), r -> Mono.just(1), BracketTest.this::release))
                    .verifyComplete();
            StepVerifier.create(Bracket.using(
                            Mono.<String>error(new IllegalStateException("none")),
                            r -> Mono.just(1),
                            BracketTest.this::release))
                    .verifyErrorMessage("none");
            assertThat(order).isEmpty();
        }

        @Test
        void anErrorOfTheReleaseIsTheErrorAndTheValueIsDiscarded() {
            StepVerifier.create(watched(Bracket.using(
                            acquire(), r -> Mono.just(1), r -> Mono.error(new IllegalStateException("release")))))
                    .verifyErrorMessage("release");
            assertThat(discarded).containsExactly(1);
            Function<String, Mono<Void>> rude = r -> {
                throw new IllegalStateException("rude");
            };
            StepVerifier.create(Bracket.using(acquire(), r -> Mono.just(1), rude))
                    .verifyErrorMessage("rude");
            Function<String, Mono<Void>> none = r -> null;
            StepVerifier.create(Bracket.using(acquire(), r -> Mono.just(1), none))
                    .verifyErrorMessage("release returned null");
        }

        @Test
        void anErrorOfTheReleaseIsSuppressedOnTheOneOfTheUse() {
            Throwable release = new IllegalStateException("release");
            StepVerifier.create(Bracket.using(
                            acquire(),
                            r -> Mono.<Integer>error(new IllegalStateException("use")),
                            r -> Mono.error(release)))
                    .verifyErrorSatisfies(e -> assertThat(e).hasMessage("use").hasSuppressedException(release));
        }

        @Test
        void aCancelWhileAcquiringCancelsAcquire() {
            TestPublisher<String> source = TestPublisher.create();
            Disposable running = Bracket.using(source.mono(), r -> Mono.just(1), BracketTest.this::release)
                    .subscribe();
            running.dispose();
            source.assertCancelled();
            assertThat(order).isEmpty();
        }

        @Test
        void aResourceThatArrivesAfterTheCancelIsReleased() {
            Deaf<String> source = new Deaf<>();
            AtomicInteger used = new AtomicInteger();
            Disposable running = Bracket.using(
                            source, r -> Mono.fromSupplier(used::incrementAndGet), BracketTest.this::release)
                    .subscribe();
            running.dispose();
            assertThat(source.cancelled).isTrue();
            source.subscriber.onNext("late");
            source.subscriber.onComplete();
            assertThat(order).containsExactly("release late");
            assertThat(used).hasValue(0);
        }

        @Test
        void errorsAfterACancelAreDropped() {
            Deaf<String> source = new Deaf<>();
            Throwable release = new IllegalStateException("release");
            watched(Bracket.using(source, r -> Mono.just(1), r -> Mono.error(release)))
                    .subscribe()
                    .dispose();
            source.subscriber.onNext("late");
            assertThat(dropped).containsExactly(release);

            Deaf<String> failing = new Deaf<>();
            watched(Bracket.using(failing, r -> Mono.just(1), BracketTest.this::release))
                    .subscribe()
                    .dispose();
            Throwable acquire = new IllegalStateException("acquire");
            failing.subscriber.onError(acquire);
            assertThat(dropped).containsExactly(release, acquire);
        }

        @Test
        void aCancelDuringTheUseCancelsItAndThenReleases() {
            Throwable failure = new IllegalStateException("release");
            Disposable running = watched(Bracket.using(
                            acquire(),
                            r -> Mono.<Integer>never().doOnCancel(() -> order.add("cancel")),
                            r -> release(r).then(Mono.error(failure))))
                    .subscribe();
            running.dispose();
            running.dispose();
            assertThat(order).containsExactly("acquire", "cancel", "release r");
            assertThat(dropped).containsExactly(failure);
        }

        @Test
        void aCancelDuringTheReleaseLetsItGoOn() {
            TestPublisher<Void> releasing = TestPublisher.create();
            List<Integer> told = new ArrayList<>();
            Disposable running = watched(Bracket.using(acquire(), r -> Mono.just(1), r -> releasing.mono()))
                    .subscribe(told::add);
            running.dispose();
            releasing.assertNotCancelled();
            assertThat(releasing.subscribeCount()).isEqualTo(1);
            releasing.complete();
            assertThat(told).isEmpty();
            assertThat(discarded).containsExactly(1);
        }

        @Test
        void aValueThatWaitsForItsCompletionIsDiscardedOnCancel() {
            Deaf<Integer> use = new Deaf<>();
            Disposable running = watched(Bracket.using(acquire(), r -> use, BracketTest.this::release))
                    .subscribe();
            use.subscriber.onNext(1);
            running.dispose();
            assertThat(discarded).containsExactly(1);
            use.subscriber.onNext(2);
            assertThat(discarded).containsExactly(1, 2);
            assertThat(order).containsExactly("acquire", "release r");
        }

        @Test
        void acquiringStartsWithTheFirstRequestAndOncePerSubscription() {
            Mono<Integer> result = Bracket.using(acquire(), r -> Mono.just(1), BracketTest.this::release);
            StepVerifier.create(result, 0)
                    .expectSubscription()
                    .then(() -> assertThat(order).isEmpty())
                    .thenRequest(1)
                    .expectNext(1)
                    .verifyComplete();
            result.block();
            assertThat(order).containsExactly("acquire", "release r", "acquire", "release r");
        }

        @Test
        void theContextReachesAllThree() {
            Mono<String> key = Mono.deferContextual(context -> {
                order.add(context.get("key"));
                return Mono.just("r");
            });
            Bracket.using(key, r -> key, r -> key)
                    .contextWrite(context -> context.put("key", "value"))
                    .block();
            assertThat(order).containsExactly("value", "value", "value");
        }

        @Test
        void isScannable() {
            List<Scannable> seen = new ArrayList<>();
            Disposable running = Bracket.using(acquire(), r -> Mono.never(), BracketTest.this::release)
                    .doOnSubscribe(section -> seen.add(Scannable.from(section)))
                    .subscribe();
            assertThat(seen.get(0).name()).isEqualTo("bracket");
            assertThat(seen.get(0).scan(Scannable.Attr.CANCELLED)).isFalse();
            running.dispose();
            assertThat(seen.get(0).scan(Scannable.Attr.CANCELLED)).isTrue();
        }
    }

    @Nested
    class UsingMany {
        @Test
        void elementsComeAsTheyAreAskedForAndTheEndAfterTheRelease() {
            TestPublisher<Integer> source = TestPublisher.create();
            Sinks.Empty<Void> released = Sinks.empty();
            StepVerifier.create(Bracket.usingMany(acquire(), r -> source, r -> released.asMono()), 0)
                    .thenRequest(1)
                    .then(() -> source.assertMaxRequested(1))
                    .then(() -> source.next(1))
                    .expectNext(1)
                    .thenRequest(2)
                    .then(() -> source.next(2, 3))
                    .expectNext(2, 3)
                    .then(source::complete)
                    .then(() -> order.add("use ended"))
                    .then(released::tryEmitEmpty)
                    .verifyComplete();
            assertThat(order).containsExactly("acquire", "use ended");
        }

        @Test
        void demandThatCameBeforeTheResourceIsKept() {
            Deaf<String> source = new Deaf<>();
            List<Integer> got = new ArrayList<>();
            BaseSubscriber<Integer> three = new BaseSubscriber<>() {
                @Override
                protected void hookOnSubscribe(Subscription subscription) {
                    subscription.request(1);
                }

                @Override
                protected void hookOnNext(Integer next) {
                    got.add(next);
                }
            };
            Bracket.usingMany(source, r -> Flux.range(0, 10), BracketTest.this::release)
                    .subscribe(three);
            three.request(2);
            source.subscriber.onNext("r");
            assertThat(got).containsExactly(0, 1, 2);
            three.cancel();
            assertThat(order).containsExactly("release r");
        }

        @Test
        void aSubscriberThatHasEnoughReleasesBeforeItIsToldTheEnd() {
            List<Integer> some = Bracket.usingMany(acquire(), r -> Flux.range(0, 10), BracketTest.this::release)
                    .take(2)
                    .doOnComplete(() -> order.add("complete"))
                    .collectList()
                    .block();
            assertThat(some).containsExactly(0, 1);
            assertThat(order).containsExactly("acquire", "release r", "complete");
        }

        @Test
        void anEmptyUseAndAFailingOneAreToldWithoutDemand() {
            StepVerifier.create(Bracket.usingMany(acquire(), r -> Flux.empty(), BracketTest.this::release), 0)
                    .verifyComplete();
            StepVerifier.create(
                            Bracket.usingMany(
                                    acquire(),
                                    r -> Flux.error(new IllegalStateException("use")),
                                    BracketTest.this::release),
                            0)
                    .verifyErrorMessage("use");
            assertThat(order).containsExactly("acquire", "release r", "acquire", "release r");
        }

        @Test
        void aSubscriberThatCancelsAtOnceAcquiresNothing() {
            Bracket.usingMany(acquire(), r -> Flux.range(0, 10), BracketTest.this::release)
                    .subscribe(new BaseSubscriber<>() {
                        @Override
                        protected void hookOnSubscribe(Subscription subscription) {
                            subscription.cancel();
                        }
                    });
            assertThat(order).isEmpty();
        }

        @Test
        void anElementThatArrivesAfterACancelIsDiscarded() {
            Deaf<Integer> use = new Deaf<>();
            Disposable running = Bracket.usingMany(acquire(), r -> use, BracketTest.this::release)
                    .doOnDiscard(Object.class, discarded::add)
                    .subscribe();
            running.dispose();
            use.subscriber.onNext(7);
            assertThat(discarded).containsExactly(7);
        }

        @Test
        void aPublisherThatIsNotReactorsMayThrowOnSubscribe() {
            Publisher<Integer> rude = subscriber -> {
                throw new IllegalStateException("rude");
            };
            StepVerifier.create(Bracket.usingMany(acquire(), r -> rude, BracketTest.this::release))
                    .verifyErrorMessage("rude");
            assertThat(order).containsExactly("acquire", "release r");
        }

        @TestFactory
        Stream<DynamicTest> keepsTheRulesOfReactiveStreams() {
            return Tck.rules(new PublisherVerification<Long>(Tck.environment()) {
                @Override
                public Publisher<Long> createPublisher(long elements) {
                    return Bracket.usingMany(
                            Mono.just(elements),
                            count -> Flux.range(0, (int) Math.min(count, Integer.MAX_VALUE))
                                    .map(Integer::longValue),
                            count -> Mono.empty());
                }

                @Override
                public Publisher<Long> createFailedPublisher() {
                    return Bracket.usingMany(
                            Mono.just(1),
                            one -> Flux.error(new IllegalStateException("for the TCK")),
                            one -> Mono.empty());
                }

                @Override
                public long maxElementsFromPublisher() {
                    return Integer.MAX_VALUE;
                }
            });
        }

        @TestFactory
        Stream<DynamicTest> usingKeepsThemToo() {
            return Tck.rules(new PublisherVerification<Long>(Tck.environment()) {
                @Override
                public Publisher<Long> createPublisher(long elements) {
                    return Bracket.using(Mono.just(1), one -> Mono.just(1L), one -> Mono.empty());
                }

                @Override
                public Publisher<Long> createFailedPublisher() {
                    return null; // it starts with a request, which the rule does not make
                }

                @Override
                public long maxElementsFromPublisher() {
                    return 1;
                }
            });
        }
    }

    @Test
    void everyResourceIsReleasedOnceUnderRandomCancels() {
        int threads = 4;
        int each = 20_000;
        AtomicIntegerArray made = new AtomicIntegerArray(threads * each);
        AtomicIntegerArray released = new AtomicIntegerArray(threads * each);
        AtomicInteger open = new AtomicInteger();
        Together.run(threads, thread -> {
            for (int i = 0; i < each; i++) {
                int number = thread * each + i;
                Mono<Integer> acquire = new Mono<>() {
                    @Override
                    public void subscribe(CoreSubscriber<? super Integer> subscriber) {
                        subscriber.onSubscribe(Operators.emptySubscription()); // it cannot be stopped
                        open.incrementAndGet();
                        Schedulers.parallel().schedule(() -> {
                            made.incrementAndGet(number);
                            subscriber.onNext(number);
                            subscriber.onComplete();
                        });
                    }
                };
                Function<Integer, Mono<Void>> release = r -> Mono.fromRunnable(() -> {
                    released.incrementAndGet(r);
                    open.decrementAndGet();
                });
                Publisher<Integer> bracket = number % 2 == 0
                        ? Bracket.using(acquire, Mono::just, release)
                        : Bracket.usingMany(acquire, r -> Flux.just(r, r), release);
                Disposable running = Flux.from(bracket).subscribe();
                for (int spin = number % 64; spin > 0; spin--) {
                    Thread.onSpinWait();
                }
                running.dispose();
            }
        });
        while (open.get() > 0) {
            Thread.onSpinWait(); // the last are on their way
        }
        for (int i = 0; i < threads * each; i++) {
            assertThat(released.get(i)).as("releases of resource %d", i).isEqualTo(made.get(i));
            assertThat(made.get(i)).isEqualTo(1);
        }
    }
}
