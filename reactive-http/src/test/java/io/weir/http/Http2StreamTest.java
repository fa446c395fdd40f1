package io.weir.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Settings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/** What a server may do to a stream of HTTP/2, frame by frame. */
class Http2StreamTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private Http2Peer peer;
    private FetchClient client;

    @AfterEach
    void leavesNothing() {
        if (client != null) {
            Eventually.settled(client);
            client.close();
            assertThat(client.stats()).isEqualTo(new FetchStats(0, 0, 0, 0, 0));
        }
        peer.close();
    }

    private String open(Http2Peer.Script script) {
        return open(new Http2Peer(script), builder -> builder);
    }

    private String open(Http2Peer server, UnaryOperator<FetchClientBuilder> settings) {
        peer = server;
        client = settings.apply(
                        FetchClient.builder().http2(Http2.PRIOR_KNOWLEDGE).retry(RetryPolicy.none()))
                .build();
        return peer.url();
    }

    private <E extends FetchException> E fails(Class<E> type, FetchRequest request) {
        E error = catchThrowableOfType(type, () -> client.fetch(request).block(PATIENCE));
        assertThat(error).isNotNull();
        return error;
    }

    @Nested
    class Refusals {
        @Test
        void aRefusedStreamWasNotSentSoItIsSentAgain() {
            String url = open((stream, number) -> {
                if (number == 1) {
                    stream.reset(Http2Error.REFUSED_STREAM);
                } else {
                    stream.ok();
                }
            });
            assertThat(Await.value(client.fetch(FetchRequest.post(url, new byte[10])))
                            .text())
                    .isEqualTo("ok");
            assertThat(peer.requests).hasValue(2);
            assertThat(peer.connections).hasSize(1);
        }

        @Test
        void aServerThatRefusesAlwaysIsNotAskedForEver() {
            String url = open((stream, number) -> stream.reset(Http2Error.REFUSED_STREAM));
            FetchException error = fails(FetchDisconnectedException.class, FetchRequest.get(url));
            assertThat(error.sent()).isEqualTo(Sent.NO);
            assertThat(error.attempts()).isEqualTo(2);
        }

        @Test
        void anotherErrorMayComeAfterItWasSeen() {
            String url = open((stream, number) -> stream.reset(Http2Error.INTERNAL_ERROR));
            FetchException error = fails(FetchDisconnectedException.class, FetchRequest.post(url, new byte[10]));
            assertThat(error.sent()).isEqualTo(Sent.MAYBE);
            assertThat(error.phase()).isEqualTo(FetchPhase.HEADERS);
            assertThat(peer.requests).hasValue(1);
        }

        @Test
        void whatComesAfterTheLastStreamOfAGoAwayGoesToAnotherConnection() {
            List<Http2Peer.Stream> held = new CopyOnWriteArrayList<>();
            String url = open((stream, number) -> {
                held.add(stream);
                if (number == 2) {
                    held.get(0).goAway();
                    held.get(0).ok();
                } else if (number > 2) {
                    stream.ok();
                }
            });
            Mono<String> first = client.fetch(FetchRequest.post(url, new byte[1]))
                    .map(FetchResponse::text)
                    .cache();
            first.subscribe();
            Eventually.check("the first is there", () -> held.size() == 1);
            assertThat(Await.value(client.fetch(FetchRequest.post(url, new byte[1])))
                            .text())
                    .isEqualTo("ok");
            assertThat(Await.value(first)).isEqualTo("ok");
            assertThat(peer.requests).hasValue(3);
            assertThat(peer.connections).hasSize(2);
        }

        @Test
        void theEndOfTheConnectionIsTheEndOfItsStreams() {
            String url = open((stream, number) -> {
                if (number == 3) {
                    stream.disconnect();
                } else if (number > 3) {
                    stream.ok();
                }
            });
            List<Throwable> errors = Flux.range(0, 3)
                    .flatMap(i -> client.fetch(FetchRequest.post(url, new byte[1]))
                            .<Throwable>then(Mono.empty())
                            .onErrorResume(Mono::just))
                    .collectList()
                    .block(PATIENCE);
            assertThat(errors)
                    .hasSize(3)
                    .allSatisfy(error -> assertThat(error)
                            .isInstanceOfSatisfying(
                                    FetchDisconnectedException.class,
                                    gone -> assertThat(gone.sent()).isEqualTo(Sent.MAYBE)));
            assertThat(Await.value(client.fetch(url)).text()).isEqualTo("ok");
        }
    }

    @Nested
    class Responses {
        @Test
        void interimOnesAreSwallowed() {
            String url = open((stream, number) -> stream.headers(103, false, "link", "</a>")
                    .headers(103, false)
                    .ok());
            assertThat(Await.value(client.fetch(url)).text()).isEqualTo("ok");
        }

        @Test
        void oneWithoutABodyEndsWithItsHeaders() {
            String url = open((stream, number) -> stream.headers(204, true, "a", "b"));
            FetchResponse response = Await.value(client.fetch(url));
            assertThat(response.status()).isEqualTo(204);
            assertThat(response.headers().toMap().keySet()).containsExactly("a");
            assertThat(Await.value(client.fetch(url)).status()).isEqualTo(204);
        }

        @Test
        void trailersAreNoPartOfTheBody() {
            String url = open((stream, number) -> stream.headers(200, false)
                    .data(new byte[] {'o', 'k'}, false)
                    .trailer("x", "y"));
            assertThat(Await.value(client.fetch(url)).text()).isEqualTo("ok");
        }

        @Test
        void aBodyThatIsCutIsAnError() {
            String url = open((stream, number) -> stream.headers(200, false, "content-length", "5")
                    .data(new byte[2], false)
                    .reset(Http2Error.CANCEL));
            FetchException error = fails(FetchDisconnectedException.class, FetchRequest.get(url));
            assertThat(error.phase()).isEqualTo(FetchPhase.BODY);
            assertThat(error.sent()).isEqualTo(Sent.YES);
        }

        @Test
        void headersBeyondTheLimitAreToldAsThat() {
            String url = open(
                    new Http2Peer((stream, number) -> stream.headers(200, true, "big", "x".repeat(1100))),
                    builder -> builder.maxHeaderBytes(1000));
            assertThat(fails(FetchLimitException.class, FetchRequest.get(url)).setting())
                    .isEqualTo("maxHeaderBytes");
        }

        @Test
        void asAreTooMany() {
            String url = open(
                    new Http2Peer((stream, number) -> stream.headers(200, true, "a", "1", "b", "2", "c", "3")),
                    builder -> builder.maxHeaders(2));
            assertThat(fails(FetchLimitException.class, FetchRequest.get(url)).setting())
                    .isEqualTo("maxHeaders");
        }
    }

    @Nested
    class Sharing {
        @Test
        void aSlowReaderDoesNotHoldUpTheOthers() {
            String url = open((stream, number) -> {
                if (number < 4) {
                    stream.headers(200, false).data(new byte[1 << 20], true);
                } else {
                    stream.headers(200, false).data(new byte[100_000], true);
                }
            });
            Sinks.Empty<Void> slow = Sinks.empty();
            List<Disposable> readers = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                readers.add(client.exchange(
                                FetchRequest.get(url),
                                response -> response.bytes()
                                        .concatMap(bytes -> slow.asMono(), 1)
                                        .then())
                        .subscribe());
            }
            Eventually.check("they read", () -> peer.requests.get() == 3);
            assertThat(Await.value(client.fetch(url)).bytes()).hasSize(100_000);
            slow.tryEmitEmpty();
            readers.forEach(Disposable::dispose);
            assertThat(peer.connections).hasSize(1);
        }

        @Test
        void moreThanTheServerAllowsOnOneConnectionGoToAnother() {
            Http2Settings two = Http2Settings.defaultSettings().maxConcurrentStreams(2);
            List<Http2Peer.Stream> held = new CopyOnWriteArrayList<>();
            String url = open(
                    new Http2Peer(two, (stream, number) -> {
                        held.add(stream);
                        if (number == 1) {
                            stream.ok();
                        }
                    }),
                    builder -> builder);
            Await.value(client.fetch(url)); // its settings are known from here on
            Mono<List<Integer>> all = Flux.range(0, 6)
                    .flatMap(i -> client.fetch(url).map(FetchResponse::status), 6)
                    .collectList()
                    .cache();
            all.subscribe();
            Eventually.check("all are there", () -> held.size() == 7);
            assertThat(peer.open()).isEqualTo(3);
            held.forEach(Http2Peer.Stream::okLater);
            assertThat(Await.value(all)).hasSize(6).containsOnly(200);
        }

        @Test
        void aCancelResetsTheStreamOnly() {
            List<Http2Peer.Stream> held = new CopyOnWriteArrayList<>();
            String url = open((stream, number) -> {
                held.add(stream);
                if (number > 1) {
                    stream.ok();
                }
            });
            Disposable fetch = client.fetch(url).subscribe();
            Eventually.check("it is there", () -> held.size() == 1);
            fetch.dispose();
            Eventually.check("it was reset", () -> peer.resets.equals(List.of(Http2Error.CANCEL.code())));
            assertThat(Await.value(client.fetch(url)).text()).isEqualTo("ok");
            assertThat(peer.connections).hasSize(1);
        }

        @Test
        void aConnectionWithoutStreamsIsClosedInTime() {
            String url = open(
                    new Http2Peer((stream, number) -> stream.ok()),
                    builder -> builder.idleTime(Duration.ofMillis(100)));
            Await.value(client.fetch(url));
            Eventually.check("it is closed", () -> client.stats().openSockets() == 0 && peer.open() == 0);
            assertThat(Await.value(client.fetch(url)).text()).isEqualTo("ok");
        }

        @Test
        void oneThatIsInUseIsNot() {
            List<Http2Peer.Stream> held = new CopyOnWriteArrayList<>();
            String url = open(
                    new Http2Peer((stream, number) -> {
                        held.add(stream);
                        if (number > 1) {
                            stream.ok();
                        }
                    }),
                    builder -> builder.idleTime(Duration.ofMillis(50)));
            Mono<String> first = client.fetch(url).map(FetchResponse::text).cache();
            first.subscribe();
            Eventually.check("it is there", () -> held.size() == 1);
            Await.value(client.fetch(url));
            Await.value(Mono.delay(Duration.ofMillis(300)));
            held.get(0).okLater();
            assertThat(Await.value(first)).isEqualTo("ok");
            assertThat(peer.connections).hasSize(1);
        }
    }
}
