package io.weir.core.task;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Operators;
import reactor.test.StepVerifier;
import reactor.test.scheduler.VirtualTimeScheduler;

/** Sources that break the rules, and budgets at the edge of what can be counted. */
class DeadlineEdgeTest {
    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final Duration AGES = Duration.ofSeconds(Long.MAX_VALUE);

    private VirtualTimeScheduler time;
    private CoreSubscriber<? super Integer> subscriber;
    private final AtomicInteger cancels = new AtomicInteger();
    private final AtomicInteger runs = new AtomicInteger();

    @BeforeEach
    void start() {
        time = VirtualTimeScheduler.getOrSet();
    }

    @AfterEach
    void reset() {
        VirtualTimeScheduler.reset();
    }

    private Mono<Integer> silent() {
        return new Mono<>() {
            @Override
            public void subscribe(CoreSubscriber<? super Integer> actual) {
                subscriber = actual;
            }
        };
    }

    @Test
    void aCancelThatThrowsDoesNotKeepTheErrorBack() {
        Mono<Integer> source = new Mono<>() {
            @Override
            public void subscribe(CoreSubscriber<? super Integer> actual) {
                actual.onSubscribe(new Subscription() {
                    @Override
                    public void request(long n) {}

                    @Override
                    public void cancel() {
                        throw new IllegalStateException("cancel broke");
                    }
                });
            }
        };
        StepVerifier.create(Deadline.within(SECOND, source))
                .then(() -> time.advanceTimeBy(SECOND))
                .verifyErrorSatisfies(error -> {
                    assertThat(error).isInstanceOf(DeadlineExceededException.class);
                    assertThat(error.getSuppressed())
                            .singleElement()
                            .satisfies(e -> assertThat(e).hasMessage("cancel broke"));
                });
    }

    @Test
    void aMonosValueInTimeIsFollowedByNoErrorAlthoughItsCompletionIsLate() {
        StepVerifier.create(Deadline.within(SECOND, silent()))
                .then(() -> subscriber.onSubscribe(Operators.emptySubscription()))
                .then(() -> subscriber.onNext(1))
                .then(() -> time.advanceTimeBy(SECOND))
                .then(() -> subscriber.onComplete())
                .expectNext(1)
                .verifyComplete();
    }

    @Test
    void aSourceThatNeverSubscribesIsBoundedToo() {
        StepVerifier.create(Deadline.within(SECOND, silent()))
                .then(() -> time.advanceTimeBy(SECOND))
                .verifyError(DeadlineExceededException.class);
        subscriber.onSubscribe(counting());
        assertThat(cancels).as("what comes late is cancelled").hasValue(1);
    }

    @Test
    void aSourceThatSubscribesLateIsAskedForWhatWasRequested() {
        List<Long> requests = new ArrayList<>();
        StepVerifier.create(Deadline.within(SECOND, silent().flux()), 2)
                .then(() -> subscriber.onSubscribe(Operators.emptySubscription()))
                .thenCancel()
                .verify();
        Flux<Integer> late = new Flux<>() {
            @Override
            public void subscribe(CoreSubscriber<? super Integer> actual) {
                subscriber = actual;
            }
        };
        StepVerifier.create(Deadline.within(SECOND, late), 2)
                .thenRequest(3)
                .then(() -> subscriber.onSubscribe(new Subscription() {
                    @Override
                    public void request(long n) {
                        requests.add(n);
                    }

                    @Override
                    public void cancel() {}
                }))
                .thenRequest(4)
                .then(() -> subscriber.onComplete())
                .verifyComplete();
        assertThat(requests).containsExactly(5L, 4L);
    }

    @Test
    void aSourceThatThrowsInSubscribeFails() {
        StepVerifier.create(Deadline.within(SECOND, new Mono<>() {
                    @Override
                    public void subscribe(CoreSubscriber<? super Object> actual) {
                        throw new IllegalStateException("subscribe broke");
                    }
                }))
                .verifyErrorMessage("subscribe broke");
    }

    @Test
    void aCancelFromInsideReachesASourceThatEmitsWhileItIsAsked() {
        StepVerifier.create(Deadline.within(SECOND, Flux.range(0, Integer.MAX_VALUE))
                        .doOnNext(n -> runs.incrementAndGet())
                        .takeUntil(n -> n == 3))
                .expectNextCount(4)
                .verifyComplete();
        assertThat(runs).hasValue(4);
    }

    @Test
    void withoutAnyTimeNothingIsStarted() {
        Mono<Integer> counts = Mono.fromCallable(runs::incrementAndGet);
        StepVerifier.create(Deadline.within(Duration.ZERO, counts)).verifyError(DeadlineExceededException.class);
        StepVerifier.create(Deadline.within(Duration.ofSeconds(Long.MIN_VALUE), counts.flux()))
                .verifyError(DeadlineExceededException.class);
        StepVerifier.create(TaskGroup.failFast().deadline(Duration.ZERO).using(group -> counts))
                .verifyError(DeadlineExceededException.class);
        assertThat(runs).hasValue(0);
    }

    @Test
    void aBudgetOfAgesIsNoOverflowWhenTimeHasPassed() {
        time.advanceTimeBy(Duration.ofDays(1));
        StepVerifier.create(Deadline.within(AGES, Mono.delay(SECOND)))
                .then(() -> time.advanceTimeBy(SECOND))
                .expectNext(0L)
                .verifyComplete();
        assertThat(Deadline.after(AGES, reactor.util.context.Context.empty(), time))
                .asString()
                .startsWith("Deadline[");
    }

    @Test
    void aPeriodOfAgesWithAsMuchJitterDoesNotRunAtOnce() {
        time.advanceTimeBy(Duration.ofDays(1));
        Periodic.every(AGES)
                .jitter(AGES)
                .run(() -> runs.incrementAndGet() < 100 ? Mono.empty() : Mono.never())
                .subscribe()
                .dispose();
        assertThat(runs.get()).isLessThanOrEqualTo(1);
    }

    private Subscription counting() {
        return new Subscription() {
            @Override
            public void request(long n) {}

            @Override
            public void cancel() {
                cancels.incrementAndGet();
            }
        };
    }
}
