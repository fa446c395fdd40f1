package io.weir.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.weir.core.task.Deadline;
import io.weir.core.task.DeadlineExceededException;
import io.weir.http.testing.FakeAnswer;
import io.weir.http.testing.FakeTransport;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;

/** What is sent again, when, and how often; in virtual time, and with the longest wait wherever chance decides. */
class RetryTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final String URL = "http://a.example/";
    private FakeTransport transport = Clients.statuses(503, 502, 200);
    private RetryPolicy policy = RetryPolicy.standard();
    private Fetching fetching = fetching();

    private Fetching fetching() {
        return Clients.over(transport, Clients.LIMITS, Clients.with(policy));
    }

    private void over(FakeTransport stub) {
        transport = stub;
        fetching = fetching();
    }

    private void answering(FakeTransport.Script script) {
        over(FakeTransport.answering(script));
    }

    @AfterEach
    void nothingIsLeft() {
        assertThat(transport.running()).isZero();
        assertThat(fetching.gate().inFlight()).isZero();
        assertThat(fetching.gate().hosts()).isZero();
    }

    private StepVerifier.FirstStep<Integer> fetch(FetchRequest request) {
        return StepVerifier.withVirtualTime(() -> fetching.fetch(request).map(FetchResponse::status));
    }

    private FetchException failure(FetchRequest request) {
        FetchException[] error = new FetchException[1];
        fetch(request)
                .thenAwait(PATIENCE)
                .expectErrorSatisfies(e -> error[0] = (FetchException) e)
                .verify(PATIENCE);
        return error[0];
    }

    @Nested
    class Backoff {
        @Test
        void doublesAndHoldsNothingMeanwhile() {
            fetch(FetchRequest.get(URL))
                    .expectSubscription()
                    .expectNoEvent(Duration.ofMillis(99))
                    .then(() -> {
                        assertThat(transport.requests()).hasSize(1);
                        assertThat(fetching.gate().inFlight()).isZero();
                        assertThat(fetching.gate().hosts()).isZero();
                    })
                    .thenAwait(Duration.ofMillis(1))
                    .then(() -> assertThat(transport.requests()).hasSize(2))
                    .expectNoEvent(Duration.ofMillis(199))
                    .thenAwait(Duration.ofMillis(1))
                    .expectNext(200)
                    .expectComplete()
                    .verify(PATIENCE);
            assertThat(transport.requests()).hasSize(3);
        }

        @Test
        void isBoundedAndRandom() {
            RetryPolicy patient = policy.backoff(Duration.ofMillis(100), Duration.ofSeconds(5));
            assertThat(List.of(1, 2, 3, 6, 7, 60))
                    .extracting(n -> patient.backoffNanos(n) / 1_000_000)
                    .containsExactly(100L, 200L, 400L, 3200L, 5000L, 5000L);
            fetching = Clients.over(transport, Clients.LIMITS, Clients.with(policy), most -> 0);
            fetch(FetchRequest.get(URL)).expectNext(200).expectComplete().verify(PATIENCE);
        }

        @Test
        void aCancelEndsIt() {
            fetch(FetchRequest.get(URL))
                    .expectSubscription()
                    .expectNoEvent(Duration.ofMillis(50))
                    .thenCancel()
                    .verify(PATIENCE);
            assertThat(transport.requests()).hasSize(1);
        }

        @Test
        void isAPhase() {
            StepVerifier.withVirtualTime(() -> {
                        Call<?>[] call = new Call<?>[1];
                        return fetching.fetch(FetchRequest.get(URL))
                                .doOnSubscribe(s -> call[0] = (Call<?>) s)
                                .mergeWith(Mono.delay(Duration.ofMillis(50))
                                        .doOnNext(
                                                t -> assertThat(call[0].phase()).isEqualTo(FetchPhase.BACKOFF))
                                        .then(Mono.empty()));
                    })
                    .thenAwait(PATIENCE)
                    .expectNextCount(1)
                    .expectComplete()
                    .verify(PATIENCE);
        }
    }

    @Nested
    class RetryAfterHeader {
        @Test
        void isObeyed() {
            answering((request, number) -> number == 1 ? Clients.answer(429, "Retry-After", "7") : Clients.answer(200));
            fetch(FetchRequest.get(URL))
                    .expectSubscription()
                    .expectNoEvent(Duration.ofMillis(7_099))
                    .thenAwait(Duration.ofMillis(1))
                    .expectNext(200)
                    .expectComplete()
                    .verify(PATIENCE);
        }

        @ParameterizedTest
        @ValueSource(
                strings = {"Sun, 06 Nov 1994 08:49:44 GMT", "Sunday, 06-Nov-94 08:49:44 GMT", "Sun Nov  6 08:49:44 1994"
                })
        void mayBeADateByTheServersOwnClock(String date) {
            answering((request, number) -> number == 1
                    ? Clients.answer(503, "Date", "Sun, 06 Nov 1994 08:49:37 GMT", "Retry-After", date)
                    : Clients.answer(200));
            fetch(FetchRequest.get(URL))
                    .expectSubscription()
                    .expectNoEvent(Duration.ofMillis(7_099))
                    .thenAwait(Duration.ofMillis(1))
                    .expectNext(200)
                    .expectComplete()
                    .verify(PATIENCE);
        }

        @Test
        void thatIsTooFarAwayGivesTheResponse() {
            answering((request, number) -> Clients.answer(503, "Retry-After", "31"));
            fetch(FetchRequest.get(URL)).expectNext(503).expectComplete().verify(PATIENCE);
            assertThat(transport.requests()).hasSize(1);
        }

        @ParameterizedTest
        @ValueSource(strings = {"soon", "-1", "", "9999999999999"})
        void thatCannotBeReadIsAsIfItWereNotThere(String value) {
            answering(
                    (request, number) -> number == 1 ? Clients.answer(503, "Retry-After", value) : Clients.answer(200));
            fetch(FetchRequest.get(URL))
                    .thenAwait(Duration.ofMillis(100))
                    .expectNext(200)
                    .expectComplete()
                    .verify(PATIENCE);
        }
    }

    @Nested
    class WhatIsSentAgain {
        @ParameterizedTest
        @ValueSource(strings = {"GET", "HEAD", "PUT", "DELETE", "OPTIONS"})
        void whatMayBeSentTwice(String method) {
            answering((request, number) -> number == 1 ? FakeAnswer.disconnected() : Clients.answer(200));
            fetch(FetchRequest.of(method, URL))
                    .thenAwait(PATIENCE)
                    .expectNext(200)
                    .expectComplete()
                    .verify(PATIENCE);
        }

        @Test
        void notAPostThatTheServerMayHave() {
            answering((request, number) -> FakeAnswer.disconnected());
            assertThat(failure(FetchRequest.post(URL, new byte[1])).attempts()).isEqualTo(1);
            assertThat(transport.requests()).hasSize(1);
            over(Clients.statuses(503, 200));
            fetch(FetchRequest.post(URL, new byte[1]))
                    .expectNext(503)
                    .expectComplete()
                    .verify(PATIENCE);
        }

        @Test
        void aPostWithAKey() {
            fetch(FetchRequest.post(URL, new byte[1]).header("Idempotency-Key", "1"))
                    .thenAwait(PATIENCE)
                    .expectNext(200)
                    .expectComplete()
                    .verify(PATIENCE);
        }

        @Test
        void aPostOfWhichNothingWasSent() {
            answering((request, number) -> number < 3 ? FakeAnswer.refused() : Clients.answer(200));
            fetch(FetchRequest.post(URL, new byte[1]))
                    .expectSubscription()
                    .expectNoEvent(Duration.ofMillis(299))
                    .thenAwait(Duration.ofMillis(1))
                    .expectNext(200)
                    .expectComplete()
                    .verify(PATIENCE);
        }

        @ParameterizedTest
        @ValueSource(ints = {400, 401, 404, 500, 501})
        void notAfterOtherStatuses(int status) {
            over(Clients.statuses(status, 200));
            fetch(FetchRequest.get(URL)).expectNext(status).expectComplete().verify(PATIENCE);
        }

        @Test
        void afterThePhasesTimeoutsButNotAfterTheTotal() {
            answering((request, number) -> number < 3 ? FakeAnswer.silence() : Clients.answer(200));
            fetch(FetchRequest.get(URL))
                    .expectSubscription()
                    .expectNoEvent(Duration.ofMillis(30_299))
                    .thenAwait(Duration.ofMillis(1))
                    .expectNext(200)
                    .expectComplete()
                    .verify(PATIENCE);
            answering((request, number) -> FakeAnswer.silence());
            FetchException error = failure(FetchRequest.get(URL).timeout(Duration.ofSeconds(10)));
            assertThat(error).isInstanceOfSatisfying(FetchTimeoutException.class, late -> {
                assertThat(late.setting()).isEqualTo("totalTimeout");
                assertThat(late.elapsed()).hasSeconds(10);
            });
            assertThat(transport.requests()).hasSize(1);
        }

        @Test
        void onlyTheHopThatFailed() {
            answering((request, number) -> switch (number) {
                case 1 -> Clients.answer(302, "Location", "http://b.example/");
                case 2 -> Clients.answer(503);
                default -> Clients.answer(200);
            });
            fetch(FetchRequest.get(URL))
                    .thenAwait(PATIENCE)
                    .expectNext(200)
                    .expectComplete()
                    .verify(PATIENCE);
            assertThat(transport.requests())
                    .extracting(FetchRequest::toString)
                    .containsExactly("GET http://a.example/", "GET http://b.example/", "GET http://b.example/");
        }

        @Test
        void whatTheRequestsOwnPolicySays() {
            fetch(FetchRequest.get(URL).retry(RetryPolicy.none()))
                    .expectNext(503)
                    .expectComplete()
                    .verify(PATIENCE);
            over(Clients.statuses(500, 200));
            fetch(FetchRequest.get(URL).retry(RetryPolicy.standard().statuses(500)))
                    .thenAwait(PATIENCE)
                    .expectNext(200)
                    .expectComplete()
                    .verify(PATIENCE);
        }

        @Test
        void atOnceWhereTheConnectionWasFoundClosedWhateverThePolicy() {
            answering((request, number) -> number == 1
                    ? FakeAnswer.failure(new FetchDisconnectedException(
                            "closed",
                            new Failure(FetchPhase.CONNECT, "a.example:80", URL, Sent.NO, Duration.ZERO),
                            null))
                    : Clients.answer(200));
            fetch(FetchRequest.post(URL, new byte[1]).retry(RetryPolicy.none()))
                    .expectNext(200)
                    .expectComplete()
                    .verify(PATIENCE);
        }
    }

    @Nested
    class WhatIsTold {
        @Test
        void theLastErrorHasTheEarlierOnes() {
            answering((request, number) -> number == 2 ? Clients.answer(503) : FakeAnswer.disconnected());
            FetchException error = failure(FetchRequest.get(URL));
            assertThat(error.attempts()).isEqualTo(3);
            assertThat(error).hasMessageContaining("attempt 3");
            assertThat(Arrays.stream(error.getSuppressed()).map(Throwable::getMessage))
                    .hasSize(3)
                    .anySatisfy(note -> assertThat(note).contains("the connection ended before the response"))
                    .anySatisfy(note -> assertThat(note).isEqualTo("attempt 2: status 503"))
                    .anySatisfy(note -> assertThat(note).contains("last of 3 attempts"));
        }

        @Test
        void whenTheAttemptsAreUsedUpTheResponseIsTheOutcome() {
            over(Clients.statuses(503));
            fetch(FetchRequest.get(URL))
                    .thenAwait(PATIENCE)
                    .expectNext(503)
                    .expectComplete()
                    .verify(PATIENCE);
            assertThat(transport.requests()).hasSize(3);
        }
    }

    @Nested
    class Time {
        @Test
        void aWaitThatDoesNotFitIntoTheTotalIsNotBegun() {
            answering((request, number) -> Clients.answer(503, "Retry-After", "20"));
            fetch(FetchRequest.get(URL).timeout(PATIENCE))
                    .expectNext(503)
                    .expectComplete()
                    .verify(PATIENCE);
        }

        @Test
        void norOneThatDoesNotFitIntoTheDeadline() {
            answering((request, number) -> FakeAnswer.refused());
            StepVerifier.withVirtualTime(
                            () -> Deadline.within(Duration.ofMillis(250), fetching.fetch(FetchRequest.get(URL))))
                    .expectSubscription()
                    .expectNoEvent(Duration.ofMillis(100))
                    .expectErrorSatisfies(error -> {
                        assertThat(error).isInstanceOf(FetchConnectException.class);
                        assertThat(error.getSuppressed()[1]).hasMessageContaining("does not fit into the time");
                    })
                    .verify(PATIENCE);
            assertThat(transport.requests()).hasSize(2);
        }

        @Test
        void theDeadlineIsToldByWhoSetIt() {
            answering((request, number) -> FakeAnswer.silence());
            StepVerifier.withVirtualTime(
                            () -> Deadline.within(Duration.ofSeconds(2), fetching.fetch(FetchRequest.get(URL))))
                    .expectSubscription()
                    .expectNoEvent(Duration.ofMillis(1999))
                    .thenAwait(Duration.ofMillis(1))
                    .expectError(DeadlineExceededException.class)
                    .verify(PATIENCE);
        }

        @Test
        void aDeadlineThatNobodyWatchesEndsTheFetchAllTheSame() {
            answering((request, number) -> FakeAnswer.silence());
            StepVerifier.withVirtualTime(() -> Deadline.within(Duration.ofSeconds(2), Mono.deferContextual(Mono::just))
                            .flatMap(inside ->
                                    fetching.fetch(FetchRequest.get(URL)).contextWrite(inside)))
                    .expectSubscription()
                    .expectNoEvent(Duration.ofSeconds(2))
                    .thenAwait(Duration.ofMillis(100))
                    .expectErrorSatisfies(error -> assertThat(error)
                            .isInstanceOfSatisfying(FetchTimeoutException.class, late -> {
                                assertThat(late.setting()).isEqualTo("Deadline");
                                assertThat(late.limit()).isEqualTo(Duration.ofSeconds(2));
                            }))
                    .verify(PATIENCE);
        }
    }

    @Nested
    class Budget {
        @Test
        void repetitionsAreATenthOfTheRequestsAndTenBesides() {
            answering((request, number) -> FakeAnswer.refused());
            List<String> notes = new ArrayList<>();
            StepVerifier.withVirtualTime(() -> Flux.range(0, 200)
                            .concatMap(i -> fetching.fetch(FetchRequest.get(URL))
                                    .doOnError(e -> Arrays.stream(e.getSuppressed())
                                            .forEach(note -> notes.add(note.getMessage())))
                                    .onErrorComplete()))
                    .thenAwait(Duration.ofMinutes(5))
                    .expectComplete()
                    .verify(PATIENCE);
            assertThat(transport.requests()).hasSizeBetween(225, 230);
            assertThat(notes).contains("not sent again: the retry budget of a.example:80 is used up");
        }

        @Test
        void ofOneHostIsNotAnothers() {
            answering((request, number) -> FakeAnswer.refused());
            StepVerifier.withVirtualTime(() -> Flux.range(0, 50)
                            .concatMap(
                                    i -> fetching.fetch(FetchRequest.get(URL)).onErrorComplete())
                            .thenMany(fetching.fetch(FetchRequest.get("http://b.example/"))))
                    .thenAwait(Duration.ofMinutes(5))
                    .expectErrorSatisfies(error ->
                            assertThat(((FetchException) error).attempts()).isEqualTo(3))
                    .verify(PATIENCE);
        }

        @Test
        void isBackAfterAQuietMinuteWhenTheHostIsForgotten() {
            answering((request, number) -> FakeAnswer.refused());
            policy = RetryPolicy.standard().budget(0, 2);
            fetching = fetching();
            StepVerifier.withVirtualTime(() -> fetching.fetch(FetchRequest.get(URL))
                            .onErrorComplete()
                            .then(Mono.delay(Duration.ofMinutes(2)))
                            .doOnNext(t -> assertThat(fetching.memory().size()).isZero())
                            .then(fetching.fetch(FetchRequest.get(URL))))
                    .thenAwait(Duration.ofMinutes(5))
                    .expectErrorSatisfies(error ->
                            assertThat(((FetchException) error).attempts()).isEqualTo(3))
                    .verify(PATIENCE);
        }
    }

    @Test
    void aPolicyIsChecked() {
        assertThatThrownBy(() -> policy.attempts(0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> policy.budget(101, 0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> policy.statuses(200)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> policy.backoff(Duration.ZERO, PATIENCE)).isInstanceOf(IllegalArgumentException.class);
        assertThat(catchThrowableOfType(IllegalArgumentException.class, () -> policy.maxRetryAfter(Duration.ZERO)))
                .hasMessageContaining("maxRetryAfter");
    }
}
