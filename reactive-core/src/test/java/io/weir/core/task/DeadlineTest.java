package io.weir.core.task;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.core.sync.AsyncQueue;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;
import reactor.test.publisher.TestPublisher;
import reactor.util.context.Context;

class DeadlineTest {
    private static final Duration SECOND = Duration.ofSeconds(1);

    @Test
    void whatEndsInTimePassesThrough() {
        StepVerifier.create(Deadline.within(SECOND, Mono.just(1))).expectNext(1).verifyComplete();
        StepVerifier.create(Deadline.within(SECOND, Mono.empty())).verifyComplete();
        StepVerifier.create(Deadline.within(SECOND, Mono.error(new IllegalStateException("own"))))
                .verifyErrorMessage("own");
        StepVerifier.create(Deadline.within(SECOND, Flux.just(1, 2)))
                .expectNext(1, 2)
                .verifyComplete();
    }

    @Test
    void whatDoesNotIsCancelledAndTheErrorTellsTheBudgetAndTheWait() {
        AsyncQueue<Integer> queue = AsyncQueue.bounded(1);
        StepVerifier.withVirtualTime(() ->
                        Deadline.within(Duration.ofMillis(1500), queue.take().map(n -> n + 1)))
                .expectSubscription()
                .expectNoEvent(Duration.ofMillis(1499))
                .thenAwait(Duration.ofMillis(1))
                .verifyErrorSatisfies(error -> assertThat(error)
                        .hasMessage("the deadline of 1.5 s is over, while waiting on queue.take")
                        .isInstanceOfSatisfying(DeadlineExceededException.class, exceeded -> {
                            assertThat(exceeded.budget()).isEqualTo(Duration.ofMillis(1500));
                            assertThat(exceeded.waitingOn()).containsExactly("queue.take");
                        }));
        assertThat(queue.statistics().waitingTakers()).isZero();
    }

    @Test
    void aFluxIsBoundedAsAWhole() {
        StepVerifier.withVirtualTime(() -> Deadline.within(Duration.ofSeconds(5), Flux.interval(Duration.ofSeconds(2))))
                .thenAwait(Duration.ofSeconds(5))
                .expectNext(0L, 1L)
                .verifyError(DeadlineExceededException.class);
    }

    @Test
    void theSoonerOfNestedOnesHolds() {
        Mono<Optional<Duration>> left = Mono.deferContextual(context -> Mono.just(Deadline.remaining(context)));
        StepVerifier.withVirtualTime(() -> Mono.zip(
                        Deadline.within(SECOND, Deadline.within(Duration.ofSeconds(9), left)),
                        Deadline.within(Duration.ofSeconds(9), Deadline.within(SECOND, left))))
                .assertNext(both -> assertThat(both).containsExactly(Optional.of(SECOND), Optional.of(SECOND)))
                .verifyComplete();
    }

    @Test
    void theErrorOfAnInnerScopeTellsTheBudgetThatRanOut() {
        StepVerifier.withVirtualTime(
                        () -> Deadline.within(SECOND, Deadline.within(Duration.ofSeconds(9), Mono.never())))
                .thenAwait(SECOND)
                .verifyErrorSatisfies(error ->
                        assertThat(((DeadlineExceededException) error).budget()).isEqualTo(SECOND));
    }

    @Test
    void whatIsLeftShrinks() {
        StepVerifier.withVirtualTime(() -> Deadline.within(
                        Duration.ofSeconds(9),
                        Mono.delay(Duration.ofSeconds(4))
                                .then(Mono.deferContextual(context -> Mono.just(Deadline.remaining(context))))))
                .thenAwait(Duration.ofSeconds(4))
                .assertNext(left -> assertThat(left).contains(Duration.ofSeconds(5)))
                .verifyComplete();
    }

    @Test
    void noTimeAtAllFailsAtOnceAndWithoutADeadlineNothingIsLeft() {
        StepVerifier.create(Deadline.within(Duration.ZERO, Mono.never())).verifyError(DeadlineExceededException.class);
        StepVerifier.create(Deadline.within(Duration.ofSeconds(-1), Flux.never()))
                .verifyError(DeadlineExceededException.class);
        assertThat(Deadline.remaining(Context.empty())).isEmpty();
    }

    @Test
    void aBudgetOfAgesIsNoOverflow() {
        StepVerifier.create(Deadline.within(Duration.ofSeconds(Long.MAX_VALUE), Mono.just(1)))
                .expectNext(1)
                .verifyComplete();
    }

    @Test
    void eachSubscriptionHasItsOwnTime() {
        StepVerifier.withVirtualTime(() -> Deadline.within(SECOND, Mono.delay(Duration.ofMillis(600)))
                        .repeat(3))
                .thenAwait(Duration.ofMillis(2400))
                .expectNextCount(4)
                .verifyComplete();
    }

    @Test
    void cancelStopsTheTimerAndTheSource() {
        TestPublisher<Integer> source = TestPublisher.create();
        StepVerifier.withVirtualTime(() -> Deadline.within(SECOND, source.mono()))
                .thenAwait(Duration.ofMillis(1))
                .thenCancel()
                .verify();
        source.assertCancelled();
    }

    @Test
    void realTimeRunsOut() {
        StepVerifier.create(Deadline.within(Duration.ofMillis(30), Mono.never()))
                .expectError(DeadlineExceededException.class)
                .verify(Duration.ofSeconds(10));
    }

    @Test
    void theRealClockIsTheMonotonicOne() {
        long before = System.nanoTime();
        long now = Clock.of(Schedulers.parallel()).nanos();
        assertThat(now).isBetween(before, System.nanoTime());
        assertThat(List.of(Deadline.told(Duration.ofMillis(999)), Deadline.told(Duration.ofSeconds(2))))
                .containsExactly("999 ms", "2 s");
    }
}
