package io.weir.core.task;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Operators;
import reactor.core.publisher.Sinks;
import reactor.test.StepVerifier;
import reactor.test.publisher.TestPublisher;
import reactor.test.scheduler.VirtualTimeScheduler;
import reactor.util.context.Context;

/** What {@code asyncio.wait_for} promises, and where {@link Deadline#within} differs. */
class FromAsyncioWaitForTest {
    private static final Duration SHORT = Duration.ofMillis(10);

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
    void theResultComesThrough() {
        StepVerifier.create(Deadline.within(SHORT, source.mono()))
                .then(() -> source.emit(1))
                .expectNext(1)
                .verifyComplete();
    }

    @Test
    void aTimeoutCancelsWhatIsWaitedFor() {
        StepVerifier.create(Deadline.within(SHORT, source.mono()))
                .then(() -> time.advanceTimeBy(SHORT))
                .verifyError(DeadlineExceededException.class);
        source.assertCancelled();
    }

    @Test
    void aCancelFromOutsideCancelsWhatIsWaitedFor() {
        StepVerifier.create(Deadline.within(SHORT, source.mono()))
                .expectSubscription()
                .thenAwait(Duration.ofMillis(1))
                .thenCancel()
                .verify();
        source.assertCancelled();
    }

    @Test
    void withoutAnyTimeWhatIsNotDoneIsNotStarted() {
        StepVerifier.create(Deadline.within(Duration.ZERO, source.mono())).verifyError(DeadlineExceededException.class);
        source.assertWasNotSubscribed();
    }

    @Test
    void unlikeWaitForWithoutAnyTimeWhatIsDoneIsNotToldEither() {
        StepVerifier.create(Deadline.within(Duration.ZERO, Mono.just(1))).verifyError(DeadlineExceededException.class);
    }

    @Test
    void unlikeWaitForTheEndOfWhatWasCancelledIsNotWaitedForHereButByTheGroup() {
        Sinks.Empty<Void> cleaned = Sinks.empty();
        List<String> log = new ArrayList<>();
        StepVerifier.create(TaskGroup.using(outer -> outer.start(
                                "t",
                                Deadline.within(SHORT, TaskGroup.using(inner -> {
                                            inner.onClose(cleaned::asMono);
                                            return Mono.never();
                                        }))
                                        .doOnError(error -> log.add("timeout"))
                                        .onErrorComplete())
                        .join()))
                .then(() -> time.advanceTimeBy(SHORT))
                .then(() -> assertThat(log).containsExactly("timeout"))
                .then(() -> assertThat(TaskTree.snapshot()).isNotEmpty())
                .then(cleaned::tryEmitEmpty)
                .verifyComplete();
    }

    @Test
    void unlikeWaitForAnErrorWhileItIsBeingCancelledIsDroppedAndTheTimeoutTold() {
        List<Throwable> dropped = new ArrayList<>();
        StepVerifier.create(Deadline.within(
                                SHORT, stubborn(subscriber -> subscriber.onError(new IllegalStateException("foo"))))
                        .contextWrite(Context.of("reactor.onErrorDropped.local", (Consumer<Throwable>) dropped::add)))
                .then(() -> time.advanceTimeBy(SHORT))
                .verifyError(DeadlineExceededException.class);
        assertThat(dropped).singleElement().satisfies(error -> assertThat(error).hasMessage("foo"));
    }

    @Test
    void unlikeWaitForAResultWhileItIsBeingCancelledIsDiscardedAndTheTimeoutTold() {
        List<Object> discarded = new ArrayList<>();
        StepVerifier.create(Deadline.within(SHORT, stubborn(subscriber -> {
                            subscriber.onNext(1);
                            subscriber.onComplete();
                        }))
                        .contextWrite(context -> Operators.enableOnDiscard(context, discarded::add)))
                .then(() -> time.advanceTimeBy(SHORT))
                .verifyError(DeadlineExceededException.class);
        assertThat(discarded).containsExactly(1);
    }

    @Test
    void waitingForATaskDoesNotCancelIt() {
        TaskGroup group = TaskGroup.open();
        Task<Integer> task = group.start("t", source.mono());
        StepVerifier.create(Deadline.within(SHORT, task.join()))
                .then(() -> time.advanceTimeBy(SHORT))
                .verifyError(DeadlineExceededException.class);
        source.assertNotCancelled();
        source.emit(1);
        assertThat(task.outcome()).contains(new Outcome.Success<>(1));
        group.cancel(null);
    }

    @Test
    void itIsInTimeOrNotButNeverBoth() {
        AtomicInteger ends = new AtomicInteger();
        for (int millis = 8; millis <= 12; millis++) {
            Deadline.within(SHORT, Mono.delay(Duration.ofMillis(millis)))
                    .onErrorComplete()
                    .doFinally(signal -> ends.incrementAndGet())
                    .subscribe();
        }
        time.advanceTimeBy(Duration.ofSeconds(1));
        assertThat(ends).hasValue(5);
    }

    /** Does so when it is cancelled. */
    private static Mono<Integer> stubborn(Consumer<CoreSubscriber<? super Integer>> atCancel) {
        return new Mono<>() {
            @Override
            public void subscribe(CoreSubscriber<? super Integer> subscriber) {
                subscriber.onSubscribe(new org.reactivestreams.Subscription() {
                    @Override
                    public void request(long n) {}

                    @Override
                    public void cancel() {
                        atCancel.accept(subscriber);
                    }
                });
            }
        };
    }
}
