package io.weir.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;

/** A server that never says what comes next runs into the limit of the phase, whichever it is. */
class TimeoutTest {
    private static final Duration SHORT = Duration.ofMillis(150);

    private static FetchTimeoutException late(UnaryOperator<FetchClientBuilder> limits, FaultServer.Script script)
            throws IOException {
        try (FetchClient client = limits.apply(FetchClient.builder()).build();
                FaultServer server = new FaultServer(script)) {
            FetchTimeoutException error = catchThrowableOfType(
                    FetchTimeoutException.class,
                    () -> client.fetch(server.url("/?secret")).block(Duration.ofSeconds(20)));
            assertThat(error).isNotNull().hasMessageNotContaining("secret");
            assertThat(error.limit()).isEqualTo(SHORT);
            assertThat(error.elapsed()).isGreaterThanOrEqualTo(SHORT);
            assertThat(error.host()).isEqualTo("127.0.0.1:" + server.port());
            assertThat(error.isTransient()).isTrue();
            Eventually.quiet(client);
            Eventually.check("socket closed", () -> client.stats().openSockets() == 0 && server.openNow() == 0);
            return error;
        }
    }

    @Test
    void headers() throws IOException {
        FetchTimeoutException error = late(b -> b.headersTimeout(SHORT), FaultServer.Peer::hold);
        assertThat(error.phase()).isEqualTo(FetchPhase.HEADERS);
        assertThat(error.setting()).isEqualTo("headersTimeout");
        assertThat(error.sent()).isEqualTo(Sent.MAYBE);
    }

    @Test
    void headersThatTrickle() throws IOException {
        FetchTimeoutException error = late(b -> b.headersTimeout(SHORT).readTimeout(Duration.ofSeconds(10)), peer -> {
            peer.readRequest();
            peer.send("HTTP/1.1 200 OK\r\n");
            trickle(peer, "A: b\r\n");
        });
        assertThat(error.phase()).isEqualTo(FetchPhase.HEADERS);
    }

    @Test
    void gapInTheBody() throws IOException {
        FetchTimeoutException error = late(b -> b.readTimeout(SHORT), peer -> {
            peer.readRequest();
            peer.send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n123");
            peer.hold();
        });
        assertThat(error.phase()).isEqualTo(FetchPhase.BODY);
        assertThat(error.setting()).isEqualTo("readTimeout");
        assertThat(error.sent()).isEqualTo(Sent.YES);
    }

    @Test
    void aBodyThatTricklesMeetsTheTotal() throws IOException {
        FetchTimeoutException error = late(b -> b.totalTimeout(SHORT), peer -> {
            peer.readRequest();
            peer.send("HTTP/1.1 200 OK\r\n\r\n");
            trickle(peer, "x");
        });
        assertThat(error.phase()).isEqualTo(FetchPhase.BODY);
        assertThat(error.setting()).isEqualTo("totalTimeout");
    }

    /** Sends a little, many times, as long as somebody listens. */
    private static void trickle(FaultServer.Peer peer, String part) throws IOException {
        for (Integer tick :
                Flux.interval(Duration.ofMillis(10)).map(Long::intValue).toIterable()) {
            peer.send(part);
            assertThat(tick).isLessThan(10_000);
        }
    }

    @Test
    void theTotalSpansRedirects() throws IOException {
        FetchTimeoutException error = late(b -> b.totalTimeout(SHORT), peer -> {
            int n = 0;
            while (peer.readRequest()) {
                Mono.delay(Duration.ofMillis(30)).block();
                peer.send("HTTP/1.1 302 Found\r\nLocation: /" + n++ + "\r\nContent-Length: 0\r\n\r\n");
            }
        });
        assertThat(error.setting()).isEqualTo("totalTimeout");
    }

    @Test
    void theRequestsOwnTotal() throws IOException {
        try (FetchClient client = FetchClient.create();
                FaultServer server = new FaultServer(FaultServer.Peer::hold)) {
            FetchTimeoutException error = catchThrowableOfType(
                    FetchTimeoutException.class,
                    () -> client.fetch(FetchRequest.get(server.url("/")).timeout(SHORT))
                            .block(Duration.ofSeconds(20)));
            assertThat(error.limit()).isEqualTo(SHORT);
            assertThat(error.setting()).isEqualTo("totalTimeout");
            assertThat(error.phase()).isEqualTo(FetchPhase.HEADERS);
        }
    }

    @Test
    void tls() throws IOException {
        try (FetchClient client = FetchClient.builder().tlsTimeout(SHORT).build();
                FaultServer server = new FaultServer(FaultServer.Peer::hold)) {
            FetchTimeoutException error = catchThrowableOfType(
                    FetchTimeoutException.class,
                    () -> client.fetch("https://127.0.0.1:" + server.port() + "/")
                            .block(Duration.ofSeconds(20)));
            assertThat(error.phase()).isEqualTo(FetchPhase.TLS);
            assertThat(error.setting()).isEqualTo("tlsTimeout");
            assertThat(error.limit()).isEqualTo(SHORT);
            assertThat(error.sent()).isEqualTo(Sent.NO);
            Eventually.check("socket closed", () -> client.stats().openSockets() == 0 && server.openNow() == 0);
        }
    }

    @Test
    void connect() throws IOException {
        // A full accept queue drops what comes after it, as a host behind a silent firewall does.
        try (ServerSocket full = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                FetchClient client = FetchClient.builder().connectTimeout(SHORT).build()) {
            List<Socket> filling = new ArrayList<>();
            try {
                for (int i = 0; i < 8; i++) {
                    Socket socket = new Socket();
                    filling.add(socket);
                    try {
                        socket.connect(full.getLocalSocketAddress(), 50);
                    } catch (IOException e) {
                        break;
                    }
                }
                FetchTimeoutException error = catchThrowableOfType(
                        FetchTimeoutException.class,
                        () -> client.fetch("http://127.0.0.1:" + full.getLocalPort() + "/")
                                .block(Duration.ofSeconds(20)));
                assertThat(error.phase()).isEqualTo(FetchPhase.CONNECT);
                assertThat(error.setting()).isEqualTo("connectTimeout");
                assertThat(error.sent()).isEqualTo(Sent.NO);
                Eventually.check("socket closed", () -> client.stats().openSockets() == 0);
            } finally {
                for (Socket socket : filling) {
                    socket.close();
                }
            }
        }
    }

    @Test
    void queue() throws IOException {
        try (FetchClient client =
                        FetchClient.builder().maxPerHost(1).queueTimeout(SHORT).build();
                FaultServer server = new FaultServer(FaultServer.Peer::hold)) {
            Disposable held = client.fetch(server.url("/held")).subscribe();
            FetchTimeoutException error = catchThrowableOfType(
                    FetchTimeoutException.class,
                    () -> client.fetch(server.url("/")).block(Duration.ofSeconds(20)));
            assertThat(error.phase()).isEqualTo(FetchPhase.QUEUE);
            assertThat(error.setting()).isEqualTo("queueTimeout");
            assertThat(error.limit()).isEqualTo(SHORT);
            assertThat(error.sent()).isEqualTo(Sent.NO);
            assertThat(client.stats().inFlight()).isEqualTo(1);
            assertThat(client.stats().waiting()).isZero();
            held.dispose();
            Eventually.settled(client);
        }
    }

    @Test
    void limitsRunInVirtualTime() throws IOException {
        Duration never = Duration.ofDays(1);
        FetchClientBuilder builder = FetchClient.builder()
                .maxPerHost(1)
                .connectTimeout(never)
                .headersTimeout(never)
                .totalTimeout(never);
        try (FetchClient client = builder.build();
                FaultServer server = new FaultServer(FaultServer.Peer::hold)) {
            Disposable held = client.fetch(server.url("/held")).subscribe();
            StepVerifier.withVirtualTime(() -> client.fetch(server.url("/")))
                    .expectSubscription()
                    .expectNoEvent(Duration.ofMillis(29_999))
                    .thenAwait(Duration.ofMillis(1))
                    .expectErrorSatisfies(error -> assertThat(error)
                            .isInstanceOfSatisfying(FetchTimeoutException.class, late -> {
                                assertThat(late.setting()).isEqualTo("queueTimeout");
                                assertThat(late.elapsed()).hasSeconds(30);
                            }))
                    .verify(Duration.ofSeconds(20));
            held.dispose();
        }
    }
}
