package io.weir.core.task;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;
import reactor.test.publisher.TestPublisher;

/** What {@code asyncio.gather} promises, and where {@link Gather#failFast} and {@link Gather#settled} differ. */
class FromAsyncioGatherTest {
    private final TestPublisher<Integer> a = TestPublisher.create();
    private final TestPublisher<Integer> b = TestPublisher.create();
    private final TestPublisher<Integer> c = TestPublisher.create();
    private final List<Mono<Integer>> all = List.of(a.mono(), b.mono(), c.mono());
    private final ArithmeticException zero = new ArithmeticException("/ by zero");

    @Test
    void resultsAreInTheOrderOfTheSourcesAndComeWithTheLast() {
        StepVerifier.create(Gather.failFast(all))
                .then(() -> b.emit(1))
                .then(() -> a.emit(2))
                .expectNoEvent(Duration.ofMillis(1))
                .then(() -> c.emit(3))
                .expectNext(List.of(2, 1, 3))
                .verifyComplete();
    }

    @Test
    void withReturnExceptionsToo() {
        StepVerifier.create(Gather.settled(all))
                .then(() -> b.emit(1))
                .then(() -> a.emit(2))
                .then(() -> c.emit(3))
                .expectNext(List.of(new Outcome.Success<>(2), new Outcome.Success<>(1), new Outcome.Success<>(3)))
                .verifyComplete();
    }

    @Test
    void anExceptionIsToldAtOnce() {
        StepVerifier.create(Gather.failFast(all))
                .then(() -> a.emit(1))
                .then(() -> b.error(zero))
                .verifyErrorSatisfies(e -> assertThat(e).isSameAs(zero));
    }

    @Test
    void unlikeGatherAnExceptionCancelsTheOthers() {
        StepVerifier.create(Gather.failFast(all)).then(() -> b.error(zero)).verifyError();
        a.assertCancelled();
        c.assertCancelled();
    }

    @Test
    void withReturnExceptionsEachIsInItsPlace() {
        IllegalStateException lost = new IllegalStateException("lost");
        StepVerifier.create(Gather.settled(all))
                .then(() -> b.emit(1))
                .then(() -> c.error(zero))
                .then(() -> a.error(lost))
                .expectNext(List.of(new Outcome.Failure<>(lost), new Outcome.Success<>(1), new Outcome.Failure<>(zero)))
                .verifyComplete();
    }

    @Test
    void nothingToGatherIsAnEmptyList() {
        StepVerifier.create(Gather.failFast(List.<Mono<Integer>>of()))
                .expectNext(List.of())
                .verifyComplete();
        StepVerifier.create(Gather.settled(List.<Mono<Integer>>of()))
                .expectNext(List.of())
                .verifyComplete();
    }

    @Test
    void noneIsAResult() {
        StepVerifier.create(Gather.failFast(List.of(Mono.empty(), Mono.just(1))))
                .expectNext(Arrays.asList(null, 1))
                .verifyComplete();
    }

    @Test
    void unlikeGatherASourceThatIsGivenTwiceRunsTwice() {
        AtomicInteger runs = new AtomicInteger();
        Mono<Integer> counts = Mono.fromCallable(runs::incrementAndGet);
        StepVerifier.create(Gather.failFast(List.of(counts, Mono.just(9), counts)))
                .expectNext(List.of(1, 9, 2))
                .verifyComplete();
    }

    @Test
    void aChildThatEndsAsCancelledIsAnErrorAndNotACancelOfTheWhole() {
        StepVerifier.create(Gather.failFast(all))
                .then(() -> a.emit(1))
                .then(() -> b.error(new CancellationException("b")))
                .verifyError(CancellationException.class);
    }

    @Test
    void withReturnExceptionsAChildThatEndsAsCancelledIsAFailureInItsPlace() {
        CancellationException gone = new CancellationException("b");
        StepVerifier.create(Gather.settled(all))
                .then(() -> a.emit(1))
                .then(() -> b.error(gone))
                .then(() -> c.emit(3))
                .expectNext(List.of(new Outcome.Success<>(1), new Outcome.Failure<>(gone), new Outcome.Success<>(3)))
                .verifyComplete();
    }

    @Test
    void aCancelGoesToAllChildren() {
        StepVerifier.create(Gather.failFast(all))
                .expectSubscription()
                .then(() -> a.emit(1))
                .thenCancel()
                .verify();
        b.assertCancelled();
        c.assertCancelled();
    }

    @Test
    void withReturnExceptionsACancelGoesToAllChildrenAndIsNotAResult() {
        StepVerifier.create(Gather.settled(all))
                .expectSubscription()
                .then(a::assertSubscribers)
                .thenCancel()
                .verify();
        a.assertCancelled();
        b.assertCancelled();
        c.assertCancelled();
    }

    @Test
    void aCancelAfterTheLastChildDoesNothing() {
        StepVerifier.create(Gather.failFast(List.of(a.mono())))
                .then(() -> a.emit(1))
                .expectNext(List.of(1))
                .thenCancel()
                .verifyThenAssertThat()
                .hasNotDiscardedElements();
    }

    @Test
    void unlikeGatherASecondExceptionIsNotForgottenButSuppressedOnTheFirst() {
        TestPublisher<Integer> stubborn =
                TestPublisher.createNoncompliant(TestPublisher.Violation.CLEANUP_ON_TERMINATE);
        StepVerifier.create(Gather.failFast(List.of(a.mono(), stubborn.mono())))
                .then(() -> a.error(zero))
                .verifyError();
        IllegalStateException second = new IllegalStateException("second");
        stubborn.error(second);
        assertThat(zero.getSuppressed()).containsExactly(second);
    }

    @Test
    void unlikeGatherNothingRunsBeforeItIsSubscribedAndItMayRunAgain() {
        AtomicInteger runs = new AtomicInteger();
        Mono<List<Integer>> gather = Gather.failFast(List.of(Mono.fromCallable(runs::incrementAndGet)));
        assertThat(runs).hasValue(0);
        StepVerifier.create(gather.repeat(1)).expectNext(List.of(1), List.of(2)).verifyComplete();
    }

    @Test
    void whatIsNotASourceFailsBeforeAnyStarts() {
        AtomicInteger runs = new AtomicInteger();
        StepVerifier.create(Gather.failFast(Arrays.asList(Mono.fromCallable(runs::incrementAndGet), null)))
                .verifyError(NullPointerException.class);
        assertThat(runs).hasValue(0);
    }
}
