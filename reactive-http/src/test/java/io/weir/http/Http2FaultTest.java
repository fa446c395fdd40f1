package io.weir.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.netty.buffer.Unpooled;
import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** What comes close to an {@link Http2Fault}, and what depends on a number or on the moment. */
class Http2FaultTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final FetchClient client = FetchClient.builder()
            .http2(Http2.PRIOR_KNOWLEDGE)
            .retry(RetryPolicy.none())
            .build();

    @AfterEach
    void leavesNothing() {
        Eventually.settled(client);
        client.close();
        assertThat(client.stats()).isEqualTo(new FetchStats(0, 0, 0, 0, 0));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 255})
    void onlyARefusedStreamWasNotSent(int code) throws IOException {
        try (FaultServer server =
                new FaultServer(RawHttp2.answering((http, stream) -> http.send(RawHttp2.reset(stream, code))))) {
            FetchDisconnectedException error = catchThrowableOfType(
                    FetchDisconnectedException.class,
                    () -> client.fetch(FetchRequest.post(server.url("/"), new byte[10]))
                            .block(PATIENCE));
            assertThat(error.sent()).isEqualTo(code == 7 ? Sent.NO : Sent.MAYBE);
            assertThat(error.attempts()).isEqualTo(code == 7 ? 2 : 1);
            assertThat(server.accepted()).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aPartOfAnAnswerIsNeverTakenForTheWhole(boolean reset) throws IOException {
        String head = RawHttp2.ok(3, "server", "fault");
        String whole = head + RawHttp2.data(3, "hel") + RawHttp2.end(3, "lo");
        for (int i = 0; i <= whole.length(); i++) {
            String part = whole.substring(0, i);
            try (FaultServer server = new FaultServer(RawHttp2.answering((http, stream) -> {
                http.send(part);
                if (reset && part.length() < whole.length()) {
                    http.peer.reset();
                } else if (part.length() < whole.length()) {
                    http.peer.close();
                }
            }))) {
                String told = client.fetch(server.url("/"))
                        .map(FetchResponse::text)
                        .onErrorResume(FetchDisconnectedException.class, e -> Mono.just(e.phase() + " " + e.sent()))
                        .block(PATIENCE);
                String cut = i < head.length() ? "HEADERS MAYBE" : "BODY YES";
                if (reset) { // which may overtake what was sent before
                    assertThat(told).as("%d", i).isIn("HEADERS MAYBE", i < whole.length() ? cut : "hello");
                } else {
                    assertThat(told).as("%d", i).isEqualTo(i < whole.length() ? cut : "hello");
                }
            }
        }
    }

    @Test
    void anAnswerGoesOnAfterTheConnectionIsGivenUp() throws IOException {
        try (FaultServer server = new FaultServer(RawHttp2.answering((http, stream) -> http.send(RawHttp2.ok(stream)
                + RawHttp2.data(stream, "o")
                + RawHttp2.goAway(stream, 0)
                + RawHttp2.end(stream, "k"))))) {
            for (int i = 0; i < 3; i++) {
                assertThat(Await.value(client.fetch(server.url("/"))).text()).isEqualTo("ok");
                Eventually.check("the connection is closed", () -> server.openNow() == 0);
            }
            assertThat(server.accepted()).isEqualTo(3);
        }
    }

    @Test
    void anAnswerBeforeTheUploadEndsIsOne() throws IOException {
        try (FaultServer server = new FaultServer(
                RawHttp2.answering((http, stream) -> http.send(RawHttp2.headers(stream, ":status", "413")
                        + RawHttp2.end(stream, "no")
                        + RawHttp2.reset(stream, 0))))) {
            for (int i = 0; i < 3; i++) {
                FetchResponse response = Await.value(client.fetch(FetchRequest.post(server.url("/"), Fault.endless())));
                assertThat(response.status()).isEqualTo(413);
                assertThat(response.text()).isEqualTo("no");
            }
            assertThat(server.accepted()).isEqualTo(1);
        }
    }

    /** What the server heard of each stream, until it was reset. */
    private static FaultServer.Script hearing(List<String> heard) {
        return RawHttp2.answering((http, stream) -> {
            if (http.path().equals("/ok")) {
                http.send(RawHttp2.ok(stream) + RawHttp2.end(stream, "ok"));
                return;
            }
            RawHttp2.Frame frame = http.read();
            while (frame.type() != RawHttp2.RST_STREAM) {
                if (frame.type() == RawHttp2.DATA) {
                    heard.add("data");
                }
                frame = http.read();
            }
            heard.add("reset");
        });
    }

    @Test
    void anUploadThatFailsResetsItsStreamOnly() throws IOException {
        List<String> heard = new CopyOnWriteArrayList<>();
        try (FaultServer server = new FaultServer(hearing(heard))) {
            FetchBody failing = FetchBody.ofPublisher(Flux.just(Unpooled.wrappedBuffer(new byte[10]))
                    .concatWith(
                            Mono.delay(Duration.ofMillis(20)).then(Mono.error(new IllegalStateException("no more")))));
            Throwable error = client.fetch(FetchRequest.post(server.url("/"), failing))
                    .<Throwable>map(response -> new AssertionError("a response"))
                    .onErrorResume(Mono::just)
                    .block(PATIENCE);
            assertThat(error).isInstanceOf(IllegalStateException.class).hasMessage("no more");
            Eventually.check("it was reset", () -> heard.contains("reset"));
            assertThat(Await.value(client.fetch(server.url("/ok"))).text()).isEqualTo("ok");
            assertThat(server.accepted()).isEqualTo(1);
        }
    }

    @Test
    void anUploadThatIsCancelledResetsItsStreamOnly() throws IOException {
        List<String> heard = new CopyOnWriteArrayList<>();
        try (FaultServer server = new FaultServer(hearing(heard))) {
            Disposable upload = client.fetch(FetchRequest.post(server.url("/"), Fault.endless()))
                    .subscribe();
            Eventually.check("a part is there", () -> heard.contains("data"));
            upload.dispose();
            Eventually.check("it was reset", () -> heard.contains("reset"));
            assertThat(Await.value(client.fetch(server.url("/ok"))).text()).isEqualTo("ok");
            assertThat(server.accepted()).isEqualTo(1);
        }
    }

    private enum Certificate {
        UNKNOWN,
        EXPIRED,
        OF_ANOTHER_HOST
    }

    @ParameterizedTest
    @EnumSource
    void isRefusedOverHttp2Too(Certificate wrong) throws Exception {
        CertificateBuilder builder =
                new CertificateBuilder().subject("CN=localhost").setIsCertificateAuthority(true);
        if (wrong == Certificate.OF_ANOTHER_HOST) {
            builder.addSanDnsName("other.example");
        } else {
            builder.addSanIpAddress("127.0.0.1");
        }
        if (wrong == Certificate.EXPIRED) {
            builder.notBefore(Instant.now().minus(Duration.ofDays(2)));
            builder.notAfter(Instant.now().minus(Duration.ofDays(1)));
        }
        X509Bundle root = new CertificateBuilder()
                .subject("CN=root")
                .setIsCertificateAuthority(true)
                .buildSelfSigned();
        X509Bundle certificate = builder.buildIssuedBy(root);
        FetchClientBuilder settings = FetchClient.builder().http2(Http2.NEGOTIATED);
        if (wrong != Certificate.UNKNOWN) {
            settings.trust(root.getCertificate());
        }
        try (FaultServer server = FaultServer.http2OverTls(
                        RawHttp2.answering(
                                (http, stream) -> http.send(RawHttp2.ok(stream) + RawHttp2.end(stream, "ok"))),
                        certificate);
                FetchClient careful = settings.build()) {
            FetchConnectException error = catchThrowableOfType(
                    FetchConnectException.class,
                    () -> careful.fetch(server.url("/")).block(PATIENCE));
            assertThat(error.phase()).isEqualTo(FetchPhase.TLS);
            assertThat(error.sent()).isEqualTo(Sent.NO);
            assertThat(error.isTransient()).isFalse();
            assertThat(error.attempts()).isEqualTo(1);
            Eventually.check("the socket is closed", () -> careful.stats().openSockets() == 0);
        }
    }
}
