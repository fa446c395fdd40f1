package io.weir.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.http.testing.FakeTransport;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;

/** A host is asked no faster than the limit says, and another one does not wait for it. */
class RateLimitTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final RateLimit TEN = RateLimit.of(10, Duration.ofSeconds(1)).burst(2);
    private final FakeTransport transport = Clients.statuses(200);

    private static String url(int host) {
        return "http://h" + host + ".example/";
    }

    @Test
    void eachHostHasItsOwn() {
        Fetching fetching = Clients.over(transport, Clients.LIMITS, Clients.of(null, null, TEN, false));
        StepVerifier.withVirtualTime(() -> Flux.range(0, 30)
                        .flatMap(i -> fetching.fetch(FetchRequest.get(url(i % 3))), 30)
                        .map(FetchResponse::uri))
                .expectNextCount(6)
                .expectNoEvent(Duration.ofMillis(100))
                .expectNextCount(3)
                .thenAwait(Duration.ofMillis(700))
                .expectNextCount(21)
                .expectComplete()
                .verify(PATIENCE);
    }

    @Test
    void whoWaitsForItsTurnHoldsNoPermitOfTheTotal() {
        Limits few = FetchClient.builder().maxInFlight(2).maxPerHost(2).limits();
        Fetching fetching = Clients.over(transport, few, Clients.of(null, null, TEN, false));
        StepVerifier.withVirtualTime(() -> Flux.range(0, 8)
                        .flatMap(i -> fetching.fetch(FetchRequest.get(url(0))), 8)
                        .mergeWith(Flux.defer(() -> {
                            assertThat(fetching.gate().waiting()).isEqualTo(6);
                            return fetching.fetch(FetchRequest.get(url(1)));
                        })))
                .expectNextCount(3)
                .thenAwait(Duration.ofSeconds(1))
                .expectNextCount(6)
                .expectComplete()
                .verify(PATIENCE);
        assertThat(fetching.gate().hosts()).isZero();
    }

    @Test
    void theWaitIsWithinTheQueuesLimitAndACancelLeavesTheLine() {
        RateLimit slow = RateLimit.of(1, Duration.ofMinutes(1));
        Fetching fetching = Clients.over(transport, Clients.LIMITS, Clients.of(null, null, slow, false));
        StepVerifier.withVirtualTime(
                        () -> fetching.fetch(FetchRequest.get(url(0))).then(fetching.fetch(FetchRequest.get(url(0)))))
                .expectSubscription()
                .expectNoEvent(Duration.ofMillis(29_999))
                .thenAwait(Duration.ofMillis(1))
                .expectErrorSatisfies(error -> assertThat(error)
                        .isInstanceOfSatisfying(
                                FetchTimeoutException.class,
                                late -> assertThat(late.setting()).isEqualTo("queueTimeout")))
                .verify(PATIENCE);
        assertThat(fetching.memory().of("h0.example:80").isBusy()).isFalse();
        assertThat(fetching.gate().waiting()).isZero();
    }

    @Test
    void repetitionsCountToo() {
        FakeTransport failing = Clients.statuses(503, 503, 200);
        Policies both = new Policies(
                RetryPolicy.standard().backoff(Duration.ofMillis(1), Duration.ofMillis(1)),
                null,
                null,
                RateLimit.of(1, Duration.ofSeconds(1)),
                false,
                List.of());
        Fetching fetching = Clients.over(failing, Clients.LIMITS, both);
        StepVerifier.withVirtualTime(() -> fetching.fetch(FetchRequest.get(url(0))))
                .expectSubscription()
                .expectNoEvent(Duration.ofMillis(1_999))
                .thenAwait(Duration.ofMillis(1))
                .expectNextCount(1)
                .expectComplete()
                .verify(PATIENCE);
    }

    @Test
    void hostsAreRememberedWithinABoundAndForgottenWhenIdle() {
        Policies policies = Clients.of(null, null, TEN, false);
        StepVerifier.withVirtualTime(() -> {
                    HostMemory memory = new HostMemory(policies, 100);
                    IntStream.range(0, 1000).forEach(i -> memory.of("h" + i));
                    assertThat(memory.size()).isBetween(90, 100);
                    HostState last = memory.of("h999");
                    assertThat(memory.of("h999")).isSameAs(last);
                    return Mono.delay(Duration.ofSeconds(119))
                            .doOnNext(t -> assertThat(memory.size()).isBetween(0, 100))
                            .then(Mono.delay(Duration.ofSeconds(2)))
                            .doOnNext(t -> assertThat(memory.size()).isZero());
                })
                .thenAwait(Duration.ofMinutes(5))
                .expectNextCount(1)
                .expectComplete()
                .verify(PATIENCE);
    }

    @Test
    void redirectsCountForTheHostTheyLeadTo() {
        FakeTransport moved = FakeTransport.answering(
                (request, number) -> request.uri().getHost().startsWith("h0")
                        ? Clients.answer(302, "Location", url(1))
                        : Clients.answer(200));
        Fetching fetching = Clients.over(
                moved, Clients.LIMITS, Clients.of(null, null, RateLimit.of(1, Duration.ofSeconds(1)), false));
        StepVerifier.withVirtualTime(
                        () -> fetching.fetch(FetchRequest.get(url(1))).then(fetching.fetch(FetchRequest.get(url(0)))))
                .expectSubscription()
                .expectNoEvent(Duration.ofMillis(999))
                .thenAwait(Duration.ofMillis(1))
                .expectNextCount(1)
                .expectComplete()
                .verify(PATIENCE);
    }
}
