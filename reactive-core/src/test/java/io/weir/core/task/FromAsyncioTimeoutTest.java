package io.weir.core.task;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;
import reactor.test.publisher.TestPublisher;
import reactor.test.scheduler.VirtualTimeScheduler;

/** What {@code asyncio.timeout} and {@code timeout_at} promise, and where {@link Deadline} differs. */
class FromAsyncioTimeoutTest {
    private static final Duration SHORT = Duration.ofMillis(10);
    private static final Duration LONG = Duration.ofSeconds(10);

    private final TestPublisher<Integer> source = TestPublisher.createCold();
    private VirtualTimeScheduler time;

    @BeforeEach
    void start() {
        time = VirtualTimeScheduler.getOrSet();
    }

    @AfterEach
    void reset() {
        VirtualTimeScheduler.reset();
    }

    @Test
    void theTimeRunsOutAndTheBlockIsCancelled() {
        StepVerifier.create(Deadline.within(SHORT, source.mono()))
                .then(() -> time.advanceTimeBy(SHORT))
                .verifyError(DeadlineExceededException.class);
        source.assertCancelled();
    }

    @Test
    void whatEndsInTimeIsLeftAlone() {
        StepVerifier.create(Deadline.within(LONG, source.mono()))
                .then(() -> time.advanceTimeBy(SHORT))
                .then(() -> source.emit(1))
                .expectNext(1)
                .verifyComplete();
        time.advanceTimeBy(LONG);
    }

    @Test
    void anErrorOfTheBlockIsItsOwn() {
        StepVerifier.create(Deadline.within(SHORT, source.mono()))
                .then(() -> source.error(new IllegalArgumentException("KeyError")))
                .verifyErrorMessage("KeyError");
    }

    @Test
    void anErrorThatLooksLikeATimeoutIsItsOwnToo() {
        StepVerifier.create(Deadline.within(LONG, Mono.error(new java.util.concurrent.TimeoutException("own"))))
                .verifyErrorMessage("own");
    }

    @Test
    void aCancelFromOutsideIsNoTimeout() {
        List<Object> told = new ArrayList<>();
        Deadline.within(SHORT, source.mono())
                .subscribe(told::add, told::add, () -> told.add("end"))
                .dispose();
        time.advanceTimeBy(LONG);
        source.assertCancelled();
        assertThat(told).isEmpty();
    }

    @Test
    void theInnerOneOfTwoIsToldToTheBlockOutside() {
        StepVerifier.create(Deadline.within(
                        LONG,
                        Deadline.within(SHORT, source.mono())
                                .onErrorResume(DeadlineExceededException.class, e -> Mono.just(7))))
                .then(() -> time.advanceTimeBy(SHORT))
                .expectNext(7)
                .verifyComplete();
    }

    @Test
    void theOuterOneEndsTheInnerOneAndIsToldOnce() {
        StepVerifier.create(Deadline.within(SHORT, Deadline.within(LONG, source.mono())))
                .then(() -> time.advanceTimeBy(SHORT))
                .verifyErrorSatisfies(error ->
                        assertThat(((DeadlineExceededException) error).budget()).isEqualTo(SHORT));
        source.assertCancelled();
    }

    @Test
    void aGroupInsideIsCancelledWithAllItsTasks() {
        TestPublisher<Integer> other = TestPublisher.createCold();
        StepVerifier.create(Deadline.within(SHORT, TaskGroup.using(group -> {
                    group.start("a", source.mono());
                    return other.mono();
                })))
                .then(() -> time.advanceTimeBy(SHORT))
                .verifyError(DeadlineExceededException.class);
        source.assertCancelled();
        other.assertCancelled();
        assertThat(TaskTree.snapshot()).isEmpty();
    }

    @Test
    void unlikeAsyncioWithoutAnyTimeTheBlockIsNotEntered() {
        StepVerifier.create(Deadline.within(Duration.ZERO, source.mono())).verifyError(DeadlineExceededException.class);
        StepVerifier.create(Deadline.within(Duration.ofSeconds(-1), source.mono()))
                .verifyError(DeadlineExceededException.class);
        source.assertNoSubscribers();
        source.assertWasNotSubscribed();
    }

    @Test
    void unlikeAsyncioWhoeverIsInsideSeesTheTimeThatIsLeft() {
        StepVerifier.create(
                        Deadline.within(LONG, Mono.deferContextual(context -> Mono.just(Deadline.remaining(context)))))
                .expectNext(Optional.of(LONG))
                .verifyComplete();
    }

    @Test
    void unlikeAsyncioTheBlockCannotGoOnAfterItsCancel() {
        StepVerifier.create(Deadline.within(SHORT, source.mono().onErrorResume(e -> Mono.just(1))))
                .then(() -> time.advanceTimeBy(SHORT))
                .verifyError(DeadlineExceededException.class);
    }

    @Test
    void unlikeAsyncioItMayBeUsedAgainAndEachTimeWithAllTheTime() {
        StepVerifier.create(
                        Deadline.within(SHORT, Mono.delay(Duration.ofMillis(6))).repeat(2))
                .then(() -> time.advanceTimeBy(Duration.ofMillis(18)))
                .expectNext(0L, 0L, 0L)
                .verifyComplete();
    }
}
