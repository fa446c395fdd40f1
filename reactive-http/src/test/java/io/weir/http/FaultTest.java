package io.weir.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** What comes close to a {@link Fault} and is none, and what races with the end of a connection. */
class FaultTest {
    private final FetchClient client = FetchClient.builder().maxBodyBytes(1000).build();

    @AfterEach
    void leavesNothing() {
        Eventually.settled(client);
        client.close();
        assertThat(client.stats().openSockets()).isZero();
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
    void aNameWithoutAddress() {
        FetchConnectException error = catchThrowableOfType(
                FetchConnectException.class,
                () -> client.fetch("http://no-such-host.invalid/").block(Duration.ofSeconds(20)));
        assertThat(error.phase()).isEqualTo(FetchPhase.DNS);
        assertThat(error.sent()).isEqualTo(Sent.NO);
        assertThat(error.host()).isEqualTo("no-such-host.invalid:80");
    }
}
