package io.weir.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.time.Duration;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Every way a server can go wrong gives the error that says so, and leaves nothing behind. */
class FaultTest {
    private final FetchClient client = FetchClient.builder()
            .maxBodyBytes(1000)
            .maxHeaderBytes(2048)
            .maxHeaders(20)
            .build();

    @AfterEach
    void leavesNothing() {
        Eventually.settled(client);
        client.close();
        assertThat(client.stats().openSockets()).isZero();
    }

    /** However it is fetched, the error is the same; the last of them. */
    private <E extends FetchException> E fails(Class<E> type, FaultServer.Script script) throws IOException {
        fails(type, script, request -> client.exchange(request, FetchStream::response));
        return fails(type, script, client::fetch);
    }

    private <E extends FetchException> E fails(
            Class<E> type, FaultServer.Script script, Function<FetchRequest, Mono<FetchResponse>> how)
            throws IOException {
        try (FaultServer server = new FaultServer(script)) {
            String url = server.url("/path?token=secret");
            E error = catchThrowableOfType(
                    type, () -> how.apply(FetchRequest.get(url)).block(Duration.ofSeconds(20)));
            assertThat(error).isNotNull();
            assertThat(error.host()).isEqualTo("127.0.0.1:" + server.port());
            assertThat(error.uri()).isEqualTo(server.url("/path?…"));
            assertThat(error).hasMessageNotContaining("secret").hasMessageContaining("/path");
            assertThat(error.elapsed()).isPositive();
            Eventually.check("the server's connection ends", () -> server.openNow() == 0);
            Eventually.settled(client);
            assertThat(client.stats().openSockets()).isZero();
            return error;
        }
    }

    private <E extends FetchException> E failsOn(Class<E> type, String response) throws IOException {
        return fails(type, peer -> {
            peer.readRequest();
            peer.send(response);
            peer.hold();
        });
    }

    private <E extends FetchException> E cutOff(Class<E> type, String response) throws IOException {
        return fails(type, peer -> {
            peer.readRequest();
            peer.send(response);
        });
    }

    @Test
    void closedWithoutAWord() throws IOException {
        FetchDisconnectedException error = fails(FetchDisconnectedException.class, FaultServer.Peer::readRequest);
        assertThat(error.phase()).isEqualTo(FetchPhase.HEADERS);
        assertThat(error.sent()).isEqualTo(Sent.MAYBE);
        assertThat(error.isTransient()).isTrue();
    }

    @Test
    void resetBeforeTheHeaders() throws IOException {
        FetchDisconnectedException error = fails(FetchDisconnectedException.class, peer -> {
            peer.readRequest();
            peer.reset();
        });
        assertThat(error.phase()).isEqualTo(FetchPhase.HEADERS);
        assertThat(error.sent()).isEqualTo(Sent.MAYBE);
    }

    @Test
    void closedBeforeTheRequestWasRead() throws IOException {
        // Whether the request was written before the end was seen is a race, and what is said must fit what happened.
        FetchException error = fails(FetchException.class, FaultServer.Peer::reset);
        assertThat(error).isInstanceOfAny(FetchConnectException.class, FetchDisconnectedException.class);
        assertThat(error.sent()).isEqualTo(error.phase() == FetchPhase.HEADERS ? Sent.MAYBE : error.sent());
        assertThat(error.sent()).isIn(Sent.NO, Sent.MAYBE);
        assertThat(error.isTransient()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "H",
                "HTTP/1.1 200",
                "HTTP/1.1 200 OK\r\n",
                "HTTP/1.1 200 OK\r\nContent-Le",
                "HTTP/1.1 200 OK\r\nA: b\r\n"
            })
    void closedWithinTheHeaders(String part) throws IOException {
        FetchDisconnectedException error = cutOff(FetchDisconnectedException.class, part);
        assertThat(error.phase()).isEqualTo(FetchPhase.HEADERS);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n123456789",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n12345\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n123",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n12345\r\n0\r\n",
            })
    void aBodyCutShortIsNeverASuccess(String response) throws IOException {
        FetchDisconnectedException error = cutOff(FetchDisconnectedException.class, response);
        assertThat(error.phase()).isEqualTo(FetchPhase.BODY);
        assertThat(error.sent()).isEqualTo(Sent.YES);
    }

    @Test
    void resetWithinTheBody() throws IOException {
        FetchDisconnectedException error = fails(FetchDisconnectedException.class, peer -> {
            peer.readRequest();
            peer.send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n123");
            peer.reset();
        });
        assertThat(error.sent()).isEqualTo(Sent.YES);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "garbage\r\n\r\n",
                "SSH-2.0-OpenSSH_9.6\r\n\r\n",
                "HTTP/1.1 abc OK\r\n\r\n",
                "HTTP/1.1\r\n\r\n",
                "ICY 200 OK\r\n\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: abc\r\n\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: identity\r\n\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
                "HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n",
            })
    void whatIsNotHttpIsAProtocolError(String response) throws IOException {
        FetchProtocolException error = failsOn(FetchProtocolException.class, response);
        assertThat(error.sent()).isEqualTo(Sent.YES);
        assertThat(error.isTransient()).isFalse();
    }

    @Test
    void headersThatAreTooLong() throws IOException {
        FetchLimitException error =
                failsOn(FetchLimitException.class, "HTTP/1.1 200 OK\r\nA: " + "x".repeat(3000) + "\r\n\r\n");
        assertThat(error.setting()).isEqualTo("maxHeaderBytes");
        assertThat(error.limit()).isEqualTo(2048);
        assertThat(error.isTransient()).isFalse();
    }

    @Test
    void aStatusLineThatIsTooLong() throws IOException {
        FetchLimitException error = failsOn(FetchLimitException.class, "HTTP/1.1 200 " + "x".repeat(3000) + "\r\n\r\n");
        assertThat(error.setting()).isEqualTo("maxHeaderBytes");
    }

    @Test
    void headersWithoutEnd() throws IOException {
        FetchLimitException error = fails(FetchLimitException.class, peer -> {
            peer.readRequest();
            peer.send("HTTP/1.1 200 OK\r\n");
            while (true) {
                peer.send("A: 0123456789\r\n");
            }
        });
        assertThat(error.setting()).isEqualTo("maxHeaderBytes");
    }

    @Test
    void tooManyHeaders() throws IOException {
        FetchLimitException error =
                failsOn(FetchLimitException.class, "HTTP/1.1 200 OK\r\n" + "A: b\r\n".repeat(21) + "\r\n");
        assertThat(error.setting()).isEqualTo("maxHeaders");
        assertThat(error.limit()).isEqualTo(20);
    }

    @Test
    void aLengthBeyondTheLimitFailsBeforeTheBody() throws IOException {
        FetchLimitException error =
                failsOn(FetchLimitException.class, "HTTP/1.1 200 OK\r\nContent-Length: 1001\r\n\r\n");
        assertThat(error.setting()).isEqualTo("maxBodyBytes");
        assertThat(error.limit()).isEqualTo(1000);
        assertThat(error.phase()).isEqualTo(FetchPhase.BODY);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "Transfer-Encoding: chunked\r\n"})
    void aBodyWithoutLengthFailsAtTheByteTooMany(String header) throws IOException {
        FetchLimitException error = fails(FetchLimitException.class, peer -> {
            peer.readRequest();
            peer.send("HTTP/1.1 200 OK\r\n" + header + "\r\n");
            while (true) {
                peer.send(header.isEmpty() ? "x".repeat(64) : "40\r\n" + "x".repeat(64) + "\r\n");
            }
        });
        assertThat(error.setting()).isEqualTo("maxBodyBytes");
    }

    @Test
    void theRequestsOwnBodyLimitCounts() throws IOException {
        try (FaultServer server =
                FaultServer.answering("HTTP/1.1 200 OK\r\nContent-Length: 2000\r\n\r\n" + "x".repeat(2000))) {
            FetchRequest request = FetchRequest.get(server.url("/"));
            assertThat(Await.value(client.fetch(request.maxBodyBytes(2000))).bytes())
                    .hasSize(2000);
            assertThat(catchThrowableOfType(
                                    FetchLimitException.class,
                                    () -> client.fetch(request.maxBodyBytes(1999))
                                            .block())
                            .limit())
                    .isEqualTo(1999);
        }
    }

    @Test
    void aBodyOfExactlyTheLimitPasses() throws IOException {
        try (FaultServer server = new FaultServer(peer -> {
            peer.readRequest();
            peer.send("HTTP/1.0 200 OK\r\n\r\n" + "x".repeat(1000));
        })) {
            assertThat(Await.value(client.fetch(server.url("/"))).bytes()).hasSize(1000);
        }
    }

    @Test
    void interimResponsesAreNotTheResponse() throws IOException {
        try (FaultServer server = FaultServer.answering(String.join(
                "\r\n\r\n",
                "HTTP/1.1 100 Continue",
                "HTTP/1.1 103 Early Hints\r\nLink: </a>",
                "HTTP/1.1 102 Processing",
                "HTTP/1.1 200 OK\r\nContent-Length: 2",
                "ok"))) {
            for (int i = 0; i < 3; i++) {
                FetchResponse response = Await.value(client.fetch(server.url("/")));
                assertThat(response.status()).isEqualTo(200);
                assertThat(response.text()).isEqualTo("ok");
                assertThat(response.headers().contains("Link")).isFalse();
            }
            assertThat(server.accepted()).isEqualTo(1);
        }
    }

    @Test
    void interimResponsesWithoutEnd() throws IOException {
        fails(FetchProtocolException.class, peer -> {
            peer.readRequest();
            while (true) {
                peer.send("HTTP/1.1 103 Early Hints\r\n\r\n");
            }
        });
    }

    @Test
    void aResponseNobodyAskedForEndsTheConnection() throws IOException {
        String first = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nfirst";
        String smuggled = "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil";
        try (FaultServer server = new FaultServer(peer -> {
            while (peer.readRequest()) {
                peer.send(first + smuggled);
            }
        })) {
            for (int i = 0; i < 5; i++) {
                assertThat(Await.value(client.fetch(server.url("/"))).text()).isEqualTo("first");
                Eventually.check("the connection is gone", () -> client.stats().openSockets() == 0);
            }
        }
    }

    @Test
    void bytesAfterTheLengthAreNotOfTheBody() throws IOException {
        try (FaultServer server = FaultServer.answering("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok and more")) {
            assertThat(Await.value(client.fetch(server.url("/"))).text()).isEqualTo("ok");
        }
    }

    @Test
    void anIdleConnectionThatTheServerClosedIsNotUsedAgain() throws IOException {
        try (FaultServer server = new FaultServer(peer -> {
            peer.readRequest();
            peer.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
        })) {
            for (int i = 0; i < 20; i++) {
                assertThat(Await.value(client.fetch(server.url("/"))).text()).isEqualTo("ok");
                Eventually.check("the end was seen", () -> client.stats().openSockets() == 0);
            }
            assertThat(server.accepted()).isEqualTo(20);
        }
    }

    @Test
    void theRaceOfCloseAndRequestEndsInAnAnswerOrInMaybe() throws IOException {
        try (FaultServer server = new FaultServer(peer -> {
            peer.readRequest();
            peer.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
        })) {
            // At once, so that the request and the end of the connection meet.
            Flux.range(0, 500)
                    .concatMap(i -> client.fetch(server.url("/"))
                            .map(FetchResponse::text)
                            .onErrorResume(FetchDisconnectedException.class, error -> {
                                assertThat(error.sent()).isEqualTo(Sent.MAYBE);
                                return Mono.just("ok");
                            }))
                    .doOnNext(text -> assertThat(text).isEqualTo("ok"))
                    .blockLast(Duration.ofSeconds(60));
        }
    }

    @Test
    void nobodyListens() throws IOException {
        FaultServer gone = new FaultServer(peer -> {});
        gone.close();
        FetchConnectException error = catchThrowableOfType(
                FetchConnectException.class, () -> client.fetch(gone.url("/")).block());
        assertThat(error.phase()).isEqualTo(FetchPhase.CONNECT);
        assertThat(error.sent()).isEqualTo(Sent.NO);
        assertThat(error.isTransient()).isTrue();
        Eventually.check("closed", () -> client.stats().openSockets() == 0);
    }

    @Test
    void aNameWithoutAddress() {
        FetchConnectException error = catchThrowableOfType(
                FetchConnectException.class,
                () -> client.fetch("http://no-such-host.invalid/").block(Duration.ofSeconds(20)));
        assertThat(error.phase()).isEqualTo(FetchPhase.DNS);
        assertThat(error.sent()).isEqualTo(Sent.NO);
        assertThat(error.host()).isEqualTo("no-such-host.invalid:80");
    }
}
