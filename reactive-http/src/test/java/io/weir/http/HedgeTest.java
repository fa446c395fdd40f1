package io.weir.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.http.testing.FakeAnswer;
import io.weir.http.testing.FakeTransport;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.test.StepVerifier;

/** A second request because the first is slow, in virtual time. */
class HedgeTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final FetchRequest REQUEST = FetchRequest.get("http://a.example/");
    private static final HedgePolicy POLICY = HedgePolicy.after(Duration.ofMillis(50));
    private FakeTransport transport = Clients.statuses(200);
    private Fetching fetching = Clients.over(transport, Clients.LIMITS, Clients.of(null, null, null, false));

    @AfterEach
    void nothingIsLeft() {
        assertThat(transport.running()).isZero();
        assertThat(fetching.gate().inFlight()).isZero();
        assertThat(fetching.gate().waiting()).isZero();
        fetching.close();
    }

    private void answering(HedgePolicy policy, FakeTransport.Script script) {
        transport = FakeTransport.answering(script);
        fetching = Clients.over(transport, Clients.LIMITS, Clients.of(policy, null, null, false));
    }

    /** Answers after so many milliseconds, by the request's number from 1. */
    private void taking(int... millis) {
        answering(
                POLICY,
                (request, number) ->
                        Clients.answer(200, "Number", "" + number).after(Duration.ofMillis(millis[number - 1])));
    }

    private StepVerifier.FirstStep<String> fetch(FetchRequest request) {
        return StepVerifier.withVirtualTime(
                () -> fetching.fetch(request).map(response -> String.valueOf(response.header("Number"))));
    }

    @Test
    void aFastResponseIsNotHedged() {
        taking(49);
        fetch(REQUEST)
                .thenAwait(Duration.ofMillis(49))
                .expectNext("1")
                .expectComplete()
                .verify(PATIENCE);
        assertThat(transport.requests()).hasSize(1);
    }

    @Test
    void theSecondWinsAndTheFirstIsCancelled() {
        taking(1_000, 10);
        fetch(REQUEST)
                .expectSubscription()
                .expectNoEvent(Duration.ofMillis(59))
                .then(() -> assertThat(fetching.gate().inFlight()).isEqualTo(2))
                .thenAwait(Duration.ofMillis(1))
                .expectNext("2")
                .then(() -> assertThat(fetching.gate().inFlight()).isZero())
                .expectComplete()
                .verify(PATIENCE);
    }

    @Test
    void theFirstMayStillWinAndThereIsNoThird() {
        taking(300, 1_000);
        fetch(REQUEST)
                .thenAwait(Duration.ofMillis(300))
                .expectNext("1")
                .expectComplete()
                .verify(PATIENCE);
        assertThat(transport.requests()).hasSize(2);
    }

    @Test
    void aFailureOfOneLeavesTheOther() {
        answering(
                POLICY,
                (request, number) -> number == 1
                        ? FakeAnswer.disconnected().after(Duration.ofMillis(60))
                        : Clients.answer(200).after(Duration.ofMillis(100)));
        fetch(REQUEST)
                .thenAwait(Duration.ofMillis(150))
                .expectNextCount(1)
                .expectComplete()
                .verify(PATIENCE);
    }

    @Test
    void theFailureOfBothIsTheFirstOnesWithTheOtherSuppressed() {
        answering(POLICY, (request, number) -> FakeAnswer.disconnected().after(Duration.ofMillis(60)));
        fetch(REQUEST)
                .thenAwait(Duration.ofMillis(110))
                .expectErrorSatisfies(error -> {
                    assertThat(error).isInstanceOf(FetchDisconnectedException.class);
                    assertThat(error.getSuppressed()).hasAtLeastOneElementOfType(FetchDisconnectedException.class);
                    assertThat(((FetchException) error).attempts()).isEqualTo(2);
                })
                .verify(PATIENCE);
    }

    @Test
    void aFailureBeforeTheHedgeIsThatOfTheFetch() {
        answering(POLICY, (request, number) -> FakeAnswer.disconnected());
        fetch(REQUEST).expectError(FetchDisconnectedException.class).verify(PATIENCE);
        assertThat(transport.requests()).hasSize(1);
    }

    @Test
    void aCancelEndsBoth() {
        taking(1_000, 1_000);
        fetch(REQUEST)
                .expectSubscription()
                .expectNoEvent(Duration.ofMillis(60))
                .then(() -> assertThat(transport.running()).isEqualTo(2))
                .thenCancel()
                .verify(PATIENCE);
    }

    @Test
    void aResponseThatComesSecondIsGivenUpUnread() {
        answering(
                POLICY,
                (request, number) -> number == 1
                        ? Clients.answer(200, "Number", "1")
                                .inPieces(2, Duration.ofMillis(100))
                                .after(Duration.ofMillis(55))
                        : Clients.answer(200, "Number", "2").after(Duration.ofMillis(20)));
        fetch(REQUEST)
                .expectSubscription()
                .expectNoEvent(Duration.ofMillis(254))
                .thenAwait(Duration.ofMillis(1))
                .expectNext("1")
                .expectComplete()
                .verify(PATIENCE);
        assertThat(transport.requests()).hasSize(2);
    }

    @Test
    void aPostIsNot() {
        taking(1_000);
        fetch(FetchRequest.post("http://a.example/", new byte[1]))
                .thenAwait(Duration.ofSeconds(1))
                .expectNext("1")
                .expectComplete()
                .verify(PATIENCE);
    }

    @Test
    void whoWaitsAtTheGateIsNot() {
        transport =
                FakeTransport.answering((request, number) -> Clients.answer(200).after(Duration.ofMillis(40)));
        Limits one = FetchClient.builder().maxInFlight(1).limits();
        fetching = Clients.over(transport, one, Clients.of(POLICY, null, null, false));
        StepVerifier.withVirtualTime(() -> Flux.range(0, 10).flatMap(i -> fetching.fetch(REQUEST)))
                .thenAwait(Duration.ofSeconds(1))
                .expectNextCount(10)
                .expectComplete()
                .verify(PATIENCE);
        assertThat(transport.requests()).hasSize(10);
    }

    @Test
    void hedgesAreWithinTheBudget() {
        answering(POLICY, (request, number) -> Clients.answer(200).after(Duration.ofMillis(200)));
        StepVerifier.withVirtualTime(() -> Flux.range(0, 100).concatMap(i -> fetching.fetch(REQUEST)))
                .thenAwait(Duration.ofMinutes(1))
                .expectNextCount(100)
                .expectComplete()
                .verify(PATIENCE);
        assertThat(transport.requests().size()).isBetween(115, 120);
    }

    @Test
    void thePercentileIsOfTheHostsRecentResponses() {
        answering(
                HedgePolicy.afterPercentile(90),
                (request, number) -> Clients.answer(200)
                        .after(Duration.ofMillis(
                                number <= 20 && number % 5 == 0 ? 20 : number <= 40 ? 10 : number == 41 ? 1_000 : 5)));
        StepVerifier.withVirtualTime(() -> Flux.range(0, 41).concatMap(i -> fetching.fetch(REQUEST)))
                .thenAwait(Duration.ofMillis(459))
                .expectNextCount(40)
                .then(() -> assertThat(transport.requests()).hasSize(41))
                .thenAwait(Duration.ofMillis(6))
                .expectNextCount(1)
                .expectComplete()
                .verify(PATIENCE);
        assertThat(transport.requests()).hasSize(42);
    }

    @Test
    void aPercentileOfFewIsNotKnown() {
        Latencies latencies = new Latencies();
        for (int i = 1; i < Latencies.ENOUGH; i++) {
            latencies.add(i);
        }
        assertThat(latencies.percentile(90)).isNegative();
        for (int i = 0; i < 1000; i++) {
            latencies.add(i);
        }
        assertThat(latencies.percentile(50)).isEqualTo(936);
        assertThat(latencies.percentile(99)).isEqualTo(998);
    }
}
