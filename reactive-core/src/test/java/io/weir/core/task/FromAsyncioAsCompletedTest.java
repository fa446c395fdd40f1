package io.weir.core.task;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;
import reactor.test.publisher.PublisherProbe;

/** What {@code asyncio.as_completed} promises, and where {@link Gather#asCompleted} differs. */
class FromAsyncioAsCompletedTest {
    private static Mono<String> sleeper(int millis, String result) {
        return Mono.delay(Duration.ofMillis(millis)).thenReturn(result);
    }

    private static Flux<String> values(List<Mono<String>> sources) {
        return Gather.asCompleted(sources).map(completion -> ((Outcome.Success<String>) completion.outcome()).value());
    }

    @Test
    void resultsComeAsTheirSourcesEnd() {
        StepVerifier.withVirtualTime(() -> values(List.of(sleeper(20, "b"), sleeper(150, "c"), sleeper(10, "a"))))
                .expectSubscription()
                .expectNoEvent(Duration.ofMillis(10))
                .expectNext("a")
                .expectNoEvent(Duration.ofMillis(10))
                .expectNext("b")
                .expectNoEvent(Duration.ofMillis(130))
                .expectNext("c")
                .verifyComplete();
    }

    @Test
    void unlikeAsCompletedTheIndexTellsWhichSourceItWas() {
        StepVerifier.withVirtualTime(() -> Gather.asCompleted(List.of(sleeper(20, "b"), sleeper(10, "a")))
                        .map(Completion::index))
                .thenAwait(Duration.ofMillis(20))
                .expectNext(1, 0)
                .verifyComplete();
    }

    @Test
    void aTimeOutOfTheWholeGivesWhatWasThereAndUnlikeAsCompletedCancelsTheRest() {
        PublisherProbe<String> b = PublisherProbe.of(Mono.never());
        StepVerifier.withVirtualTime(
                        () -> values(List.of(sleeper(100, "a"), b.mono())).take(Duration.ofMillis(120)))
                .thenAwait(Duration.ofMillis(120))
                .expectNext("a")
                .verifyComplete();
        b.assertWasCancelled();
    }

    @Test
    void aTimeOutThatIsNotReachedDoesNothing() {
        StepVerifier.withVirtualTime(() -> values(List.of(sleeper(10, "a"))).timeout(Duration.ofSeconds(1)))
                .thenAwait(Duration.ofMillis(10))
                .expectNext("a")
                .verifyComplete();
    }

    @Test
    void onesThatTakesTwoCanTakeTheRestLater() {
        List<Mono<String>> four = List.of(Mono.just("0"), Mono.just("1"), Mono.just("2"), Mono.just("3"));
        StepVerifier.create(values(four), 2)
                .expectNext("0", "1")
                .expectNoEvent(Duration.ofMillis(1))
                .thenRequest(2)
                .expectNext("2", "3")
                .verifyComplete();
    }

    @Test
    void unlikeAsCompletedASourceThatIsGivenTwiceRunsTwice() {
        AtomicInteger runs = new AtomicInteger();
        Mono<String> ham = Mono.fromCallable(() -> "ham " + runs.incrementAndGet());
        StepVerifier.create(values(List.of(ham, ham, Mono.just("spam"))))
                .expectNext("ham 1", "ham 2", "spam")
                .verifyComplete();
    }

    @Test
    void aFailureIsToldInItsTurnAndTheOthersGoOn() {
        IllegalStateException lost = new IllegalStateException("lost");
        StepVerifier.create(Gather.asCompleted(List.of(Mono.error(lost), Mono.just("a"))))
                .expectNext(new Completion<>(0, new Outcome.Failure<>(lost)))
                .expectNext(new Completion<>(1, new Outcome.Success<>("a")))
                .verifyComplete();
    }

    @Test
    void nothingToWaitForEndsAtOnce() {
        StepVerifier.create(values(List.of())).verifyComplete();
    }

    @Test
    void whatIsNotACollectionOfSourcesIsRefused() {
        assertThatThrownBy(() -> Gather.asCompleted(null)).isInstanceOf(NullPointerException.class);
    }
}
