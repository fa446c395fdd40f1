package io.weir.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;

class ExchangeTest {
    /** In chunks that cut a line's end in two. */
    private static final String LINES = String.join(
                    "\r\n",
                    List.of(
                            "HTTP/1.1 200 OK",
                            "Transfer-Encoding: chunked",
                            "",
                            "2",
                            "a\r",
                            "3",
                            "\nb\n",
                            "4",
                            "\ncd\r",
                            "2",
                            "ef"))
            + "\r\n0\r\n\r\n";

    private static final String LARGE = "x".repeat(1 << 20);

    private final FetchClient client = FetchClient.builder().maxPerHost(1).build();
    private final FaultServer server = new FaultServer(peer -> {
        while (peer.readRequest()) {
            switch (peer.path()) {
                case "/large" -> peer.send("HTTP/1.1 200 OK\r\nContent-Length: " + LARGE.length() + "\r\n\r\n" + LARGE);
                case "/endless" -> {
                    peer.send("HTTP/1.1 200 OK\r\n\r\n");
                    while (true) {
                        peer.send("x".repeat(1000));
                    }
                }
                case "/stalls" -> {
                    peer.send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n123");
                    peer.hold();
                }
                case "/cut" -> {
                    peer.send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n123");
                    return;
                }
                case "/moved" ->
                    peer.send("HTTP/1.1 302 Found\r\nLocation: /small\r\nContent-Length: " + LARGE.length() + "\r\n\r\n"
                            + LARGE);
                case "/bad" -> peer.send("HTTP/1.1 404 Not Found\r\nContent-Length: 4\r\n\r\ngone");
                case "/lines" -> peer.send(LINES);
                default -> peer.send("HTTP/1.1 200 OK\r\nContent-Length: 5\r\nX-A: b\r\n\r\nsmall");
            }
        }
    });

    @AfterEach
    void leavesNothing() throws IOException {
        Eventually.settled(client);
        client.close();
        server.close();
        assertThat(client.stats().openSockets()).isZero();
    }

    private <T> T exchange(String path, Function<FetchStream, Mono<T>> use) {
        return Await.value(client.exchange(get(path), use));
    }

    private FetchRequest get(String path) {
        return FetchRequest.get(server.url(path));
    }

    /** The connection of the last exchange was kept, so the next uses it too; the client has one for the host. */
    private void assertConnections(int opened) {
        assertThat(Await.value(client.fetch(get("/small"))).text()).isEqualTo("small");
        assertThat(server.accepted()).isEqualTo(opened);
    }

    @Nested
    class Result {
        @Test
        void isWhatTheFunctionMakesOfTheBody() {
            int size = Await.value(client.exchange(
                    get("/large"),
                    stream -> stream.body().map(ExchangeTest::size).reduce(0, Integer::sum)));
            assertThat(size).isEqualTo(LARGE.length());
            assertConnections(1);
        }

        @Test
        void showsStatusHeadersAndUri() {
            String seen = Await.value(client.exchange(get("/moved"), stream -> {
                assertThat(stream.isSuccess()).isTrue();
                assertThat(stream.header("x-a")).isEqualTo("b");
                assertThat(stream.redirects()).hasSize(1);
                assertThat(stream).hasToString("200 " + server.url("/small"));
                return stream.text()
                        .map(text -> stream.status() + " " + stream.uri().getPath() + " " + text);
            }));
            assertThat(seen).isEqualTo("200 /small small");
        }

        @Test
        void mayBeEmpty() {
            StepVerifier.create(client.exchange(
                            get("/small"), stream -> stream.body().then()))
                    .verifyComplete();
            assertConnections(1);
        }

        @Test
        void arrivesWhenTheConnectionIsFreeAgain() {
            for (int i = 0; i < 50; i++) {
                Await.value(client.exchange(get("/small"), FetchStream::text));
            }
            assertConnections(1);
        }

        @Test
        void mayComeFromAnotherThread() {
            String text = Await.value(client.exchange(
                    get("/large"),
                    stream -> stream.bytes()
                            .publishOn(Schedulers.boundedElastic(), 1)
                            .map(bytes -> new String(bytes, StandardCharsets.US_ASCII))
                            .reduce(String::concat)));
            assertThat(text).isEqualTo(LARGE);
            assertConnections(1);
        }

        @Test
        void isColdAndAsksOncePerSubscription() {
            AtomicInteger calls = new AtomicInteger();
            Mono<String> exchange = client.exchange(get("/small"), stream -> {
                calls.incrementAndGet();
                return stream.text();
            });
            assertThat(server.requests()).isEmpty();
            exchange.block();
            exchange.block();
            assertThat(server.requests()).hasSize(2);
            assertThat(calls).hasValue(2);
        }
    }

    @Nested
    class AnUnreadBody {
        @Test
        void isReadToItsEndWhereThatIsNear() {
            int status = exchange("/small", stream -> Mono.just(stream.status()));
            assertThat(status).isEqualTo(200);
            assertConnections(1);
        }

        @ParameterizedTest
        @ValueSource(strings = {"/large", "/endless"})
        void costsItsConnectionWhereItIsLong(String path) {
            int status = exchange(path, stream -> Mono.just(stream.status()));
            assertThat(status).isEqualTo(200);
            assertConnections(2);
        }

        @ParameterizedTest
        @ValueSource(strings = {"/large", "/endless"})
        void isNoErrorWhereAPartWasEnough(String path) {
            int first = exchange(
                    path, stream -> stream.body().map(ExchangeTest::size).next());
            assertThat(first).isPositive();
            assertConnections(2);
        }

        @Test
        void isWaitedForNoLongerThanASecond() {
            String result = exchange("/stalls", stream -> Mono.just("done"));
            assertThat(result).isEqualTo("done");
            assertConnections(2);
        }

        @Test
        void ofARedirectCostsItsConnectionOnly() {
            for (int i = 0; i < 20; i++) {
                assertThat(Await.value(client.fetch(get("/moved"))).text()).isEqualTo("small");
            }
        }

        @Test
        void cannotBeReadLater() {
            AtomicReference<FetchStream> kept = new AtomicReference<>();
            Await.value(client.exchange(get("/small"), stream -> {
                kept.set(stream);
                return Mono.just("done");
            }));
            StepVerifier.create(kept.get().body())
                    .expectErrorMessage("the exchange has ended, and the response's body with it")
                    .verify(Duration.ofSeconds(20));
        }

        @Test
        void endsForWhoStillReadsItElsewhere() {
            Sinks.One<Throwable> told = Sinks.one();
            Await.value(client.exchange(get("/large"), stream -> {
                stream.body()
                        .doOnError(told::tryEmitValue)
                        .concatMap(buffer -> Mono.never(), 1)
                        .onErrorComplete()
                        .subscribe();
                return Mono.just("done");
            }));
            assertThat(Await.value(told.asMono())).isInstanceOf(IllegalStateException.class);
        }
    }

    @Nested
    class Reading {
        @Test
        void isPossibleOnce() {
            assertThatThrownBy(() -> exchange("/small", stream -> stream.text().then(stream.text())))
                    .hasMessage("a response's body can be subscribed to once");
        }

        @Test
        void givesLines() {
            List<String> lines = Await.value(
                    client.exchange(get("/lines"), stream -> stream.lines().collectList()));
            assertThat(lines).containsExactly("a", "b", "", "cd", "ef");
        }

        @Test
        void refusesLinesThatAreTooLong() {
            FetchLimitException error = catchThrowableOfType(
                    FetchLimitException.class,
                    () -> client.exchange(
                                    get("/large"), stream -> stream.lines(1000).then())
                            .block(Duration.ofSeconds(20)));
            assertThat(error.setting()).isEqualTo("maxLineLength");
            assertConnections(2);
        }

        @Test
        void waitsForDemand() {
            List<Integer> sizes = new CopyOnWriteArrayList<>();
            client.exchange(get("/endless"), stream -> {
                        StepVerifier.create(stream.body().map(ExchangeTest::size), 0)
                                .expectSubscription()
                                .thenRequest(1)
                                .consumeNextWith(sizes::add)
                                .thenRequest(2)
                                .consumeNextWith(sizes::add)
                                .consumeNextWith(sizes::add)
                                .thenCancel()
                                .verifyLater();
                        return Mono.fromRunnable(() -> Eventually.check("three pieces", () -> sizes.size() == 3))
                                .subscribeOn(Schedulers.boundedElastic());
                    })
                    .block(Duration.ofSeconds(20));
            assertThat(sizes).hasSize(3);
        }

        @Test
        void makesAnErrorOfAnErrorStatus() {
            FetchStatusException error = catchThrowableOfType(
                    FetchStatusException.class,
                    () -> client.exchange(
                                    get("/bad"),
                                    stream -> stream.requireSuccess().flatMap(FetchStream::text))
                            .block(Duration.ofSeconds(20)));
            assertThat(error.response().text()).isEqualTo("gone");
            assertThat(Await.value(client.exchange(get("/small"), FetchStream::requireSuccess))
                            .status())
                    .isEqualTo(200);
            assertConnections(1);
        }
    }

    @Nested
    class Failing {
        @Test
        void theFunctionsErrorIsTheExchangesError() {
            IOException mine = new IOException("mine");
            assertThatThrownBy(() -> client.exchange(get("/large"), stream -> Mono.error(mine))
                            .block(Duration.ofSeconds(20)))
                    .hasCause(mine);
            assertThatThrownBy(() -> client.exchange(get("/large"), stream -> {
                                throw new IllegalStateException("thrown");
                            })
                            .block(Duration.ofSeconds(20)))
                    .hasMessage("thrown");
            assertThatThrownBy(
                            () -> client.exchange(get("/small"), stream -> null).block(Duration.ofSeconds(20)))
                    .isInstanceOf(NullPointerException.class);
            assertConnections(4);
        }

        @Test
        void anErrorOfAFetchInsideIsNoReasonToAskAgain() {
            FetchDisconnectedException nested = new FetchDisconnectedException(
                    "nested", new Failure(FetchPhase.CONNECT, "a:1", "http://a/", Sent.NO, Duration.ZERO), null);
            assertThatThrownBy(() -> client.exchange(get("/small"), stream -> Mono.error(nested))
                            .block(Duration.ofSeconds(20)))
                    .isSameAs(nested);
            assertThat(server.requests()).hasSize(1);
        }

        @Test
        void aBodyCutShortIsTheFunctionsToHandle() {
            String got = Await.value(client.exchange(
                    get("/cut"),
                    stream -> stream.body()
                            .map(buffer -> buffer.toString(StandardCharsets.US_ASCII))
                            .onErrorResume(FetchDisconnectedException.class, error -> Flux.just("!" + error.phase()))
                            .reduce(String::concat)));
            assertThat(got).isEqualTo("123!BODY");
        }
    }

    @Nested
    class Time {
        @Test
        void aSilentServerIsLateWhenTheBodyIsAskedFor() throws IOException {
            try (FetchClient hasty =
                    FetchClient.builder().readTimeout(Duration.ofMillis(150)).build()) {
                FetchTimeoutException error = catchThrowableOfType(
                        FetchTimeoutException.class,
                        () -> hasty.exchange(
                                        get("/stalls"), stream -> stream.body().then())
                                .block(Duration.ofSeconds(20)));
                assertThat(error.setting()).isEqualTo("readTimeout");
                assertThat(error.phase()).isEqualTo(FetchPhase.BODY);
                Eventually.check("closed", () -> hasty.stats().openSockets() == 0);
            }
        }

        @Test
        void aSlowReaderIsNoSilentServer() {
            try (FetchClient hasty =
                    FetchClient.builder().readTimeout(Duration.ofMillis(500)).build()) {
                int size = Await.value(hasty.exchange(
                        get("/large"),
                        stream -> Mono.delay(Duration.ofMillis(700))
                                .thenMany(stream.body())
                                .concatMap(buffer -> Mono.just(size(buffer)).delayElement(Duration.ofMillis(5)), 1)
                                .reduce(0, Integer::sum)));
                assertThat(size).isEqualTo(LARGE.length());
            }
        }

        @Test
        void theTotalEndsTheFunctionsWorkToo() {
            AtomicInteger cancelled = new AtomicInteger();
            FetchTimeoutException error = catchThrowableOfType(
                    FetchTimeoutException.class,
                    () -> client.exchange(
                                    get("/small").timeout(Duration.ofMillis(150)),
                                    stream -> Mono.never().doOnCancel(cancelled::incrementAndGet))
                            .block(Duration.ofSeconds(20)));
            assertThat(error.setting()).isEqualTo("totalTimeout");
            Eventually.check("cancelled", () -> cancelled.get() == 1);
        }
    }

    @Nested
    class Cancel {
        private void whenRunning(String path, Function<FetchStream, Mono<?>> use) throws InterruptedException {
            CountDownLatch running = new CountDownLatch(1);
            Disposable exchange = client.exchange(get(path), stream -> {
                        running.countDown();
                        return use.apply(stream).then();
                    })
                    .subscribe();
            running.await();
            exchange.dispose();
            Eventually.quiet(client);
            Eventually.check(
                    "the connection is closed",
                    () -> server.openNow() == 0 && client.stats().openSockets() == 0);
        }

        @Test
        void closesTheConnectionWhileTheBodyIsRead() throws InterruptedException {
            whenRunning("/endless", stream -> stream.body().then());
        }

        @Test
        void closesTheConnectionWhileNobodyReads() throws InterruptedException {
            whenRunning("/endless", stream -> Mono.never());
        }

        @Test
        void closesTheConnectionWhileAReaderHesitates() throws InterruptedException {
            whenRunning(
                    "/endless",
                    stream -> stream.body().concatMap(buffer -> Mono.never(), 1).then());
        }

        @Test
        void ofTheClientEndsTheExchange() {
            Sinks.Empty<Void> running = Sinks.empty();
            Mono<Void> closing = running.asMono().then(Mono.defer(client::closeLater));
            StepVerifier.create(client.exchange(get("/endless"), stream -> {
                                running.tryEmitEmpty();
                                return stream.body().then();
                            })
                            .doOnSubscribe(s -> closing.subscribe()))
                    .expectError(FetchClosedException.class)
                    .verify(Duration.ofSeconds(20));
        }
    }

    private static int size(ByteBuf buffer) {
        return ByteBufUtil.getBytes(buffer).length;
    }
}
