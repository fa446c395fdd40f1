package io.weir.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.core.task.Outcome;
import io.weir.testing.Tck;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.reactivestreams.Publisher;
import org.reactivestreams.tck.PublisherVerification;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;
import reactor.test.publisher.TestPublisher;

class FetchAllTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final FetchAllOptions STANDARD = FetchAllOptions.standard();
    private final List<String> started = new CopyOnWriteArrayList<>();
    private final Map<String, Sinks.One<FetchResponse>> open = new HashMap<>();
    private final AtomicInteger running = new AtomicInteger();

    private static String url(String host, int number) {
        return "http://" + host + ".example/" + number;
    }

    private static FetchResponse response(FetchRequest request) {
        return new FetchResponse(
                200, request.target(), List.of(), FetchHeaders.empty(), new byte[0], Duration.ZERO, Duration.ZERO);
    }

    /** A fetch that ends when the test says so. */
    private Mono<FetchResponse> held(FetchRequest request) {
        return Mono.defer(() -> {
            started.add(request.uri().toString());
            running.incrementAndGet();
            Sinks.One<FetchResponse> sink = Sinks.one();
            open.put(request.uri().toString(), sink);
            return sink.asMono().doFinally(end -> running.decrementAndGet());
        });
    }

    private void finish(String url) {
        open.get(url).tryEmitValue(response(FetchRequest.get(url)));
    }

    private Flux<FetchOutcome<String>> held(Publisher<String> urls, FetchAllOptions options) {
        return FetchAll.of(urls, FetchRequest::get, this::held, options, Clients.LIMITS);
    }

    private static Flux<FetchOutcome<String>> atOnce(Publisher<String> urls, FetchAllOptions options) {
        return FetchAll.of(
                urls,
                FetchRequest::get,
                request -> Mono.fromSupplier(() -> response(request)),
                options,
                Clients.LIMITS);
    }

    @Nested
    class Outcomes {
        @ParameterizedTest
        @ValueSource(booleans = {false, true})
        void thereIsOneForEachInputWhateverBecomesOfIt(boolean ordered) {
            List<String> urls = List.of(url("a", 0), "nonsense", url("broken", 2), url("a", 3), "ftp://a/");
            Flux<FetchOutcome<String>> all = FetchAll.of(
                    Flux.fromIterable(urls),
                    FetchRequest::get,
                    request -> request.uri().getHost().startsWith("broken")
                            ? Mono.error(new IllegalStateException("broken"))
                            : Mono.just(response(request)),
                    ordered ? STANDARD.inOrder() : STANDARD,
                    Clients.LIMITS);
            List<FetchOutcome<String>> outcomes =
                    Await.value(all.collectSortedList((x, y) -> Long.compare(x.index(), y.index())));
            assertThat(outcomes).extracting(FetchOutcome::input).isEqualTo(urls);
            assertThat(outcomes)
                    .extracting(outcome -> outcome.outcome().isSuccess())
                    .containsExactly(true, false, false, true, false);
            assertThat(outcomes.get(1).outcome())
                    .isInstanceOfSatisfying(
                            Outcome.Failure.class,
                            failure -> assertThat(failure.error()).isInstanceOf(FetchRequestException.class));
        }

        @Test
        void comeAsTheyAreDone() {
            StepVerifier.create(
                            held(Flux.just(url("a", 0), url("a", 1)), STANDARD).map(FetchOutcome::index))
                    .then(() -> finish(url("a", 1)))
                    .expectNext(1L)
                    .then(() -> finish(url("a", 0)))
                    .expectNext(0L)
                    .expectComplete()
                    .verify(PATIENCE);
        }

        @Test
        void comeInOrderWhereThatIsAskedFor() {
            StepVerifier.create(held(Flux.just(url("a", 0), url("a", 1), url("b", 2)), STANDARD.inOrder())
                            .map(FetchOutcome::index))
                    .then(() -> finish(url("a", 1)))
                    .then(() -> finish(url("b", 2)))
                    .expectNoEvent(Duration.ofMillis(10))
                    .then(() -> finish(url("a", 0)))
                    .expectNext(0L, 1L, 2L)
                    .expectComplete()
                    .verify(PATIENCE);
        }

        @Test
        void noInputsAreNoOutcomes() {
            StepVerifier.create(atOnce(Flux.empty(), STANDARD)).expectComplete().verify(PATIENCE);
        }

        @Test
        void comeBeforeTheSourcesError() {
            Flux<String> failing =
                    Flux.just(url("a", 0), url("a", 1)).concatWith(Mono.error(new IllegalStateException("source")));
            StepVerifier.create(held(failing, STANDARD).map(FetchOutcome::index))
                    .then(() -> finish(url("a", 0)))
                    .expectNext(0L)
                    .then(() -> finish(url("a", 1)))
                    .expectNext(1L)
                    .expectErrorMessage("source")
                    .verify(PATIENCE);
        }
    }

    @Nested
    class Turns {
        @Test
        void aHostWhoseInputsComeFirstDoesNotGoFirst() {
            Flux<String> urls =
                    Flux.range(0, 6).map(i -> url("a", i)).concatWith(Flux.just(url("b", 6), url("c", 7), url("b", 8)));
            StepVerifier.create(held(urls, STANDARD.concurrency(2).perHost(2)))
                    .then(() -> assertThat(started).containsExactly(url("a", 0), url("a", 1)))
                    .then(() -> finish(url("a", 0)))
                    .expectNextCount(1)
                    .then(() -> finish(url("a", 1)))
                    .expectNextCount(1)
                    .then(() -> assertThat(started.subList(2, 4)).contains(url("b", 6)))
                    .thenCancel()
                    .verify(PATIENCE);
        }

        @Test
        void noHostHasMoreThanItsShare() {
            StepVerifier.create(held(Flux.range(0, 100).map(i -> url("a", i)), STANDARD.perHost(3)))
                    .then(() -> assertThat(started).hasSize(3))
                    .then(() -> finish(url("a", 1)))
                    .expectNextCount(1)
                    .then(() -> assertThat(started).hasSize(4))
                    .thenCancel()
                    .verify(PATIENCE);
            assertThat(running).hasValue(0);
        }

        @Test
        void aHostThatNeverAnswersHoldsNothingButItsShare() {
            Flux<String> urls = Flux.range(0, 500)
                    .map(i -> url("dead", i))
                    .concatWith(Flux.range(500, 500).map(i -> url("live" + i % 7, i)));
            Flux<FetchOutcome<String>> all = FetchAll.of(
                    urls,
                    FetchRequest::get,
                    request ->
                            request.uri().getHost().startsWith("dead") ? held(request) : Mono.just(response(request)),
                    STANDARD.concurrency(10),
                    Clients.LIMITS);
            StepVerifier.create(all)
                    .expectNextCount(500)
                    .then(() -> assertThat(running).hasValue(8))
                    .thenCancel()
                    .verify(PATIENCE);
        }
    }

    @Nested
    class Demand {
        @Test
        void withoutItNothingIsAskedOfTheSource() {
            TestPublisher<String> source = TestPublisher.create();
            StepVerifier.create(held(source, STANDARD.lookAhead(4)), 0)
                    .expectSubscription()
                    .then(() -> source.assertMinRequested(0))
                    .thenRequest(1)
                    .then(() -> source.assertMinRequested(4))
                    .thenCancel()
                    .verify(PATIENCE);
            source.assertCancelled();
        }

        @Test
        void theSourceIsNeverAskedForMoreThanTheLookAheadLeaves() {
            AtomicLong asked = new AtomicLong();
            Flux<String> source =
                    Flux.range(0, 1000).map(i -> url("a" + i % 3, i)).doOnRequest(asked::addAndGet);
            StepVerifier.create(atOnce(source, STANDARD.lookAhead(8)), 0)
                    .thenRequest(1)
                    .expectNextCount(1)
                    .then(() -> assertThat(asked).hasValue(8))
                    .thenRequest(99)
                    .expectNextCount(99)
                    .then(() -> assertThat(asked.get()).isBetween(100L, 108L))
                    .thenRequest(Long.MAX_VALUE)
                    .expectNextCount(900)
                    .expectComplete()
                    .verify(PATIENCE);
        }

        @ParameterizedTest
        @ValueSource(booleans = {false, true})
        void responsesInMemoryAreBounded(boolean ordered) {
            AtomicInteger fetched = new AtomicInteger();
            FetchAllOptions options = STANDARD.concurrency(5).lookAhead(20);
            Flux<FetchOutcome<String>> all = FetchAll.of(
                    Flux.range(0, 1000).map(i -> url("a" + i, i)),
                    FetchRequest::get,
                    request -> Mono.fromSupplier(() -> {
                        fetched.incrementAndGet();
                        return response(request);
                    }),
                    ordered ? options.inOrder() : options,
                    Clients.LIMITS);
            StepVerifier.create(all, 1)
                    .expectNextCount(1)
                    .then(() -> assertThat(fetched.get() - 1).isLessThanOrEqualTo(ordered ? 20 : 5))
                    .thenCancel()
                    .verify(PATIENCE);
        }
    }

    @Nested
    class Cancel {
        @ParameterizedTest
        @ValueSource(booleans = {false, true})
        void endsAllFetchesAndDiscardsWhatIsLeft(boolean ordered) {
            FetchAllOptions options = STANDARD.concurrency(3);
            List<Object> discarded = new ArrayList<>();
            StepVerifier.create(
                            held(Flux.range(0, 10).map(i -> url("a" + i, i)), ordered ? options.inOrder() : options)
                                    .doOnDiscard(Object.class, discarded::add),
                            1)
                    .then(() -> finish(url("a1", 1)))
                    .then(() -> finish(url("a2", 2)))
                    .thenCancel()
                    .verify(PATIENCE);
            assertThat(running).hasValue(0);
            long outcomes =
                    discarded.stream().filter(FetchOutcome.class::isInstance).count();
            assertThat(outcomes).isEqualTo(ordered ? 2 : 1);
            assertThat(discarded).doesNotHaveDuplicates();
            // In order, the two places were taken by the next; else one outcome was emitted and its place too.
            assertThat(discarded.size() - outcomes).isEqualTo(10 - started.size());
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true, false, true, false, true})
    void manyThreadsLoseNothing(boolean ordered) {
        int count = 5_000;
        Map<String, AtomicInteger> now = new ConcurrentHashMap<>();
        AtomicInteger top = new AtomicInteger();
        FetchAllOptions options = STANDARD.concurrency(20).perHost(3).lookAhead(100);
        List<FetchOutcome<Integer>> outcomes = Await.value(FetchAll.of(
                        Flux.range(0, count).publishOn(Schedulers.boundedElastic()),
                        i -> FetchRequest.get(url("h" + i % 17, i)),
                        request -> Mono.defer(() -> {
                            String host = request.target().host();
                            AtomicInteger running = now.computeIfAbsent(host, h -> new AtomicInteger());
                            top.accumulateAndGet(running.incrementAndGet(), Math::max);
                            Mono<FetchResponse> answer =
                                    Mono.fromSupplier(() -> response(request)).doOnNext(r -> running.decrementAndGet());
                            return ThreadLocalRandom.current().nextBoolean()
                                    ? answer
                                    : answer.subscribeOn(Schedulers.parallel());
                        }),
                        ordered ? options.inOrder() : options,
                        Clients.LIMITS)
                .limitRate(7)
                .collectList());
        assertThat(top.get()).isLessThanOrEqualTo(3);
        if (ordered) {
            assertThat(outcomes).extracting(FetchOutcome::input).isSorted();
        }
        assertThat(outcomes.stream().map(FetchOutcome::index).collect(Collectors.toSet()))
                .hasSize(count);
        assertThat(outcomes).hasSize(count);
    }

    @TestFactory
    Stream<DynamicTest> tck() {
        return Stream.of(STANDARD, STANDARD.inOrder().lookAhead(1))
                .flatMap(options -> Tck.rules(new Verification(options)));
    }

    /** Of its own, as the TCK's classes are TestNG's. */
    public static final class Verification extends PublisherVerification<FetchOutcome<String>> {
        private final FetchAllOptions options;

        Verification(FetchAllOptions options) {
            super(Tck.environment());
            this.options = options;
        }

        @Override
        public Publisher<FetchOutcome<String>> createPublisher(long elements) {
            return atOnce(Flux.range(0, (int) elements).map(i -> url("a" + i % 3, i)), options);
        }

        @Override
        public Publisher<FetchOutcome<String>> createFailedPublisher() {
            return atOnce(Flux.error(new IllegalStateException("failed")), options);
        }

        @Override
        public long maxElementsFromPublisher() {
            return 100_000;
        }
    }
}
