package io.weir.core.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;
import reactor.test.publisher.TestPublisher;

class FirstSuccessTest {
    private static final Mono<String> NEVER = Mono.never();

    private final TestPublisher<String> one = TestPublisher.create();
    private final TestPublisher<String> two = TestPublisher.create();

    @Test
    void theFirstValueIsTheResultAndTheLosersAreCancelledBeforeItIsTold() {
        StepVerifier.create(Gather.firstSuccess(List.of(one.mono(), two.mono())).doOnNext(v -> one.assertCancelled()))
                .then(() -> two.emit("two"))
                .expectNext("two")
                .verifyComplete();
    }

    @Test
    void anErrorBeforeTheValueIsNobodysConcern() {
        StepVerifier.create(Gather.firstSuccess(List.of(one.mono(), two.mono())))
                .then(() -> one.error(new IllegalStateException("one")))
                .then(() -> two.emit("two"))
                .expectNext("two")
                .expectComplete()
                .verifyThenAssertThat()
                .hasNotDroppedErrors();
    }

    @Test
    void anErrorAfterTheValueIsNobodysConcernEither() {
        TestPublisher<String> late = TestPublisher.createNoncompliant(TestPublisher.Violation.CLEANUP_ON_TERMINATE);
        StepVerifier.create(Gather.firstSuccess(List.of(late.mono(), Mono.just("now"))))
                .expectNext("now")
                .expectComplete()
                .verifyThenAssertThat()
                .hasNotDroppedErrors();
        late.error(new IllegalStateException("late"));
    }

    @Test
    void whenAllFailTheFirstInOrderIsToldWithTheOthersSuppressed() {
        IllegalStateException first = new IllegalStateException("first");
        IllegalStateException second = new IllegalStateException("second");
        StepVerifier.create(Gather.firstSuccess(List.of(one.mono(), two.mono(), Mono.error(first))))
                .then(() -> two.error(second))
                .then(() -> one.error(first))
                .verifyErrorSatisfies(e -> {
                    assertThat(e).isSameAs(first);
                    assertThat(e.getSuppressed()).containsExactly(second);
                });
    }

    @Test
    void anErrorThatIsAConstantDoesNotGrowWithEachRetry() {
        IllegalStateException first = new IllegalStateException("first");
        IllegalStateException second = new IllegalStateException("second");
        Mono<String> all = Gather.firstSuccess(List.of(Mono.error(first), Mono.error(second)));
        StepVerifier.create(all.retry(10)).verifyErrorMessage("first");
        assertThat(first.getSuppressed()).containsExactly(second);
    }

    @Test
    void anEmptySourceCancelsNobodyAndCountsWhenThereIsNoValue() {
        StepVerifier.create(Gather.firstSuccess(List.of(one.mono(), two.mono())))
                .then(one::complete)
                .then(two::assertNotCancelled)
                .then(() -> two.error(new IllegalStateException("two")))
                .verifyComplete();
    }

    @Test
    void noSourcesAreEmpty() {
        StepVerifier.create(Gather.firstSuccess(List.<Mono<String>>of())).verifyComplete();
    }

    @Test
    void aFallbackIsNotStartedBeforeItIsNeeded() {
        AtomicInteger asked = new AtomicInteger();
        Mono<String> fallback = Mono.fromCallable(() -> "fallback " + asked.incrementAndGet());
        StepVerifier.create(Gather.firstSuccess(1, List.of(one.mono(), fallback)))
                .then(() -> assertThat(asked).hasValue(0))
                .then(() -> one.error(new IllegalStateException("one")))
                .expectNext("fallback 1")
                .verifyComplete();
        assertThat(Gather.firstSuccess(1, List.of(Mono.just("there"), fallback)).block())
                .isEqualTo("there");
        assertThat(asked).hasValue(1);
    }

    @Test
    void theValueOfALoserIsDiscarded() {
        List<Object> discarded = new ArrayList<>();
        TestPublisher<String> late = TestPublisher.createNoncompliant(TestPublisher.Violation.CLEANUP_ON_TERMINATE);
        StepVerifier.create(Gather.firstSuccess(List.of(late.mono(), Mono.just("now")))
                        .doOnDiscard(String.class, discarded::add))
                .expectNext("now")
                .verifyComplete();
        late.next("late");
        assertThat(discarded).containsExactly("late");
    }

    @Test
    void aValueCountsOnceItsSourceHasCompleted() {
        List<Object> discarded = new ArrayList<>();
        StepVerifier.create(Gather.firstSuccess(List.of(Mono.fromDirect(one.flux()), two.mono()))
                        .doOnDiscard(String.class, discarded::add))
                .then(() -> one.next("half"))
                .then(() -> one.error(new IllegalStateException("one")))
                .then(() -> assertThat(discarded).containsExactly("half"))
                .then(() -> two.emit("two"))
                .expectNext("two")
                .verifyComplete();
    }

    @Test
    void aMillionFailuresNeedNoStack() {
        Mono<String> fails =
                Mono.<String>error(() -> new IllegalStateException("lost")).hide();
        List<Mono<String>> all = new ArrayList<>(
                Collections.nCopies(1_000_000, Mono.<String>empty().hide()));
        all.set(7, fails);
        StepVerifier.create(Gather.firstSuccess(all)).verifyComplete();
        StepVerifier.create(Gather.firstSuccess(1, all)).verifyComplete();
    }

    @Test
    void cancelCancelsAll() {
        Gather.firstSuccess(List.of(one.mono(), two.mono(), NEVER)).subscribe().dispose();
        one.assertCancelled();
        two.assertCancelled();
    }

    @Test
    void refusesLessThanOne() {
        assertThatThrownBy(() -> Gather.firstSuccess(0, List.of(NEVER))).isInstanceOf(IllegalArgumentException.class);
    }
}
