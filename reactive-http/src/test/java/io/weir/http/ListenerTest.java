package io.weir.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationHandler;
import io.micrometer.observation.ObservationRegistry;
import io.weir.core.task.Outcome;
import io.weir.http.testing.FakeAnswer;
import io.weir.http.testing.FakeTransport;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Hooks;
import reactor.test.StepVerifier;

/** What a listener hears, and what Micrometer is told. */
class ListenerTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private final List<String> heard = new ArrayList<>();
    private final FetchListener listener = new FetchListener() {
        @Override
        public void started(FetchProgress fetch) {
            heard.add("started " + fetch.host() + " " + fetch.context().getOrDefault("key", ""));
        }

        @Override
        public void phase(FetchProgress fetch, FetchPhase from, Duration took, FetchPhase to) {
            heard.add(from + " " + took.toMillis() + " " + to);
        }

        @Override
        public void redirected(FetchProgress fetch, Redirect redirect) {
            heard.add("redirect " + redirect.to());
        }

        @Override
        public void retrying(FetchProgress fetch, String why, Duration wait) {
            heard.add("retry " + why + " " + wait.toMillis());
        }

        @Override
        public void hedged(FetchProgress fetch) {
            heard.add("hedge");
        }

        @Override
        public void ended(FetchProgress fetch, Outcome<?> outcome) {
            heard.add("ended " + outcome.getClass().getSimpleName() + " " + fetch.status() + " " + fetch.bytes() + " "
                    + fetch.attempts());
        }
    };

    private static Policies listening(FetchListener... listeners) {
        return new Policies(RetryPolicy.standard(), null, null, null, false, List.of(listeners));
    }

    private static FakeTransport moving() {
        return FakeTransport.answering((request, number) -> switch (number) {
            case 1 -> Clients.answer(302, "Location", "http://b.example/").after(Duration.ofMillis(1));
            case 2 -> Clients.answer(503).after(Duration.ofMillis(2));
            default -> Clients.answer(200).after(Duration.ofMillis(3));
        });
    }

    @Test
    void eachPhaseRedirectAndRetryIsTold() {
        Fetching fetching = Clients.over(moving(), Clients.LIMITS, listening(listener));
        StepVerifier.withVirtualTime(() -> fetching.fetch(FetchRequest.get("http://a.example/"))
                        .doOnNext(r -> heard.add("emitted"))
                        .contextWrite(c -> c.put("key", "mine")))
                .thenAwait(PATIENCE)
                .expectNextCount(1)
                .expectComplete()
                .verify(PATIENCE);
        assertThat(heard)
                .containsExactly(
                        "started a.example:80 mine",
                        "QUEUE 0 CONNECT",
                        "CONNECT 0 SEND",
                        "SEND 0 HEADERS",
                        "HEADERS 1 BODY",
                        "redirect http://b.example/",
                        "QUEUE 0 CONNECT",
                        "CONNECT 0 SEND",
                        "SEND 0 HEADERS",
                        "HEADERS 2 BODY",
                        "retry status 503 100",
                        "BODY 0 BACKOFF",
                        "QUEUE 0 CONNECT",
                        "CONNECT 0 SEND",
                        "SEND 0 HEADERS",
                        "HEADERS 3 BODY",
                        "ended Success 200 4 2",
                        "emitted");
    }

    @Test
    void theEndIsToldOnceHoweverItComes() {
        FakeTransport silent = FakeTransport.answering((request, number) -> FakeAnswer.silence());
        Fetching fetching = Clients.over(silent, Clients.LIMITS, listening(listener));
        FetchRequest request = FetchRequest.get("http://a.example/").retry(RetryPolicy.none());
        StepVerifier.withVirtualTime(() -> fetching.fetch(request))
                .thenAwait(Duration.ofMillis(1))
                .thenCancel()
                .verify(PATIENCE);
        StepVerifier.withVirtualTime(() -> fetching.fetch(request))
                .thenAwait(PATIENCE)
                .expectError()
                .verify(PATIENCE);
        fetching.close();
        StepVerifier.create(fetching.fetch(request))
                .expectError(FetchClosedException.class)
                .verify(PATIENCE);
        assertThat(heard.stream().filter(event -> event.startsWith("ended")))
                .containsExactly("ended Cancelled 0 0 1", "ended Failure 0 0 1", "ended Failure 0 0 1");
        assertThat(heard.stream().filter(event -> event.startsWith("started"))).hasSize(3);
    }

    @Test
    void whatItThrowsIsKeptFromTheFetchAndFromOthers() {
        List<Throwable> dropped = new ArrayList<>();
        Hooks.onErrorDropped(dropped::add);
        try {
            FetchListener broken = new FetchListener() {
                @Override
                public void started(FetchProgress fetch) {
                    throw new IllegalStateException("broken");
                }
            };
            Fetching fetching = Clients.over(Clients.statuses(200), Clients.LIMITS, listening(broken, listener));
            assertThat(Await.value(fetching.fetch(FetchRequest.get("http://a.example/")))
                            .status())
                    .isEqualTo(200);
            assertThat(heard).hasSizeGreaterThan(2);
            assertThat(dropped)
                    .singleElement()
                    .extracting(Throwable::getMessage)
                    .isEqualTo("broken");
        } finally {
            Hooks.resetOnErrorDropped();
        }
    }

    @Nested
    class Observations {
        private final List<String> told = new ArrayList<>();
        private final List<String> events = new ArrayList<>();
        private final ObservationRegistry registry = ObservationRegistry.create();

        Observations() {
            registry.observationConfig().observationHandler(new ObservationHandler<>() {
                @Override
                public boolean supportsContext(Observation.Context context) {
                    return true;
                }

                @Override
                public void onEvent(Observation.Event event, Observation.Context context) {
                    events.add(event.getName());
                }

                @Override
                public void onStop(Observation.Context context) {
                    told.add(context.getName() + " " + context.getLowCardinalityKeyValues());
                }
            });
        }

        @Test
        void haveBoundedKeys() {
            FakeTransport answering = FakeTransport.answering(
                    (request, number) -> number % 2 == 0 ? FakeAnswer.disconnected() : Clients.answer(404));
            Fetching fetching = Clients.over(
                    answering,
                    Clients.LIMITS,
                    listening(FetchObservations.of(registry).maxHosts(5)));
            Flux.range(0, 50)
                    .concatMap(i -> fetching.fetch(FetchRequest.of("M" + i, "http://h" + i + ".example/"))
                            .onErrorComplete())
                    .blockLast(PATIENCE);
            assertThat(told).hasSize(50);
            assertThat(told.stream().distinct()).hasSize(7);
            assertThat(told.get(0))
                    .contains("weir.fetch", "status=4xx", "outcome=SUCCESS", "host=h0.example:80", "method=other");
            assertThat(told.get(49)).contains("status=none", "FetchDisconnectedException", "host=other");
        }

        @Test
        void tellRetriesAndRedirectsAsEvents() {
            Fetching fetching = Clients.over(moving(), Clients.LIMITS, listening(FetchObservations.of(registry)));
            StepVerifier.withVirtualTime(() -> fetching.fetch(FetchRequest.get("http://a.example/")))
                    .thenAwait(PATIENCE)
                    .expectNextCount(1)
                    .expectComplete()
                    .verify(PATIENCE);
            assertThat(events).contains("redirect", "retry", "backoff", "connect", "body");
            assertThat(told).singleElement().asString().contains("attempts=2", "2xx", "a.example:80");
        }
    }
}
