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

    @Test
    void noTimerIsLeftWhenTheSourceHasEnded() {
        StepVerifier.create(Deadline.within(SECOND, Mono.just(1))).expectNext(1).verifyComplete();
        StepVerifier.create(Deadline.within(SECOND, Mono.error(new IllegalStateException("own"))))
                .verifyErrorMessage("own");
        StepVerifier.create(Deadline.within(SECOND, Mono.never())).thenCancel().verify();
        StepVerifier.create(TaskGroup.failFast().deadline(SECOND).using(group -> Mono.just(1)))
                .expectNext(1)
                .verifyComplete();
        TaskGroup open = TaskGroup.open();
        Task<?> task = open.start("t", Mono.never());
        open.close().subscribe();
        task.cancel();
        assertThat(time.getScheduledTaskCount()).isPositive();
        time.advanceTimeBy(Duration.ofHours(1)); // what was disposed does nothing
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
