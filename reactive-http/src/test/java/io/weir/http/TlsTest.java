package io.weir.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.netty.handler.ssl.SslContextBuilder;
import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import java.net.InetAddress;
import java.time.Duration;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;

class TlsTest {
    private static X509Bundle certificate;
    private static DisposableServer server;

    @BeforeAll
    static void start() throws Exception {
        certificate = new CertificateBuilder()
                .subject("CN=tls.example")
                .addSanDnsName("tls.example")
                .addSanIpAddress("127.0.0.1")
                .setIsCertificateAuthority(true)
                .buildSelfSigned();
        var context =
                SslContextBuilder.forServer(certificate.toKeyManagerFactory()).build();
        server = HttpServer.create()
                .host("127.0.0.1")
                .port(0)
                .secure(spec -> spec.sslContext(context))
                .handle((req, res) -> req.uri().equals("/down")
                        ? res.sendRedirect("http://tls.example/")
                        : res.sendString(
                                Mono.just("host " + req.requestHeaders().get("Host"))))
                .bindNow();
    }

    @AfterAll
    static void stop() {
        server.disposeNow();
    }

    private static FetchClient client(UnaryOperator<FetchClientBuilder> settings) throws Exception {
        InetAddress loopback = InetAddress.getByAddress(new byte[] {127, 0, 0, 1});
        return settings.apply(FetchClient.builder().resolve(host -> host.endsWith(".example") ? loopback : null))
                .build();
    }

    private static String url(String host) {
        return "https://" + host + ":" + server.port() + "/";
    }

    @Test
    void aTrustedCertificateIsAccepted() throws Exception {
        try (FetchClient client = client(b -> b.trust(certificate.getCertificate()))) {
            assertThat(Await.value(client.fetch(url("tls.example"))).text())
                    .isEqualTo("host tls.example:" + server.port());
            assertThat(Await.value(client.fetch(url("127.0.0.1"))).status()).isEqualTo(200);
            Flux.range(0, 50).flatMap(i -> client.fetch(url("tls.example"))).blockLast();
            Eventually.settled(client);
            assertThat(client.stats().openSockets()).isLessThanOrEqualTo(9);
        }
    }

    private static FetchConnectException refused(FetchClient client, String host) {
        FetchConnectException error = catchThrowableOfType(
                FetchConnectException.class, () -> client.fetch(url(host)).block(Duration.ofSeconds(20)));
        assertThat(error.phase()).isEqualTo(FetchPhase.TLS);
        assertThat(error.sent()).isEqualTo(Sent.NO);
        assertThat(error.isTransient()).isFalse();
        Eventually.quiet(client);
        Eventually.check("socket closed", () -> client.stats().openSockets() == 0);
        return error;
    }

    @Test
    void aSelfSignedCertificateIsRefused() throws Exception {
        try (FetchClient client = client(b -> b)) {
            refused(client, "tls.example");
        }
    }

    @Test
    void aCertificateForAnotherHostIsRefused() throws Exception {
        try (FetchClient client = client(b -> b.trust(certificate.getCertificate()))) {
            refused(client, "other.example");
        }
    }

    @Test
    void namesOfOneAddressDoNotShareConnections() throws Exception {
        try (FetchClient client = client(b -> b.trust(certificate.getCertificate()))) {
            assertThat(Await.value(client.fetch(url("tls.example"))).status()).isEqualTo(200);
            FetchConnectException error = catchThrowableOfType(
                    FetchConnectException.class,
                    () -> client.fetch(url("other.example")).block(Duration.ofSeconds(20)));
            assertThat(error.phase()).isEqualTo(FetchPhase.TLS);
        }
    }

    @Test
    void aServerThatSpeaksNoTlsIsRefused() throws Exception {
        try (FetchClient client = client(b -> b);
                FaultServer plain = new FaultServer(peer -> peer.send("HTTP/1.1 400 Bad Request\r\n\r\n"))) {
            FetchConnectException error = catchThrowableOfType(
                    FetchConnectException.class,
                    () -> client.fetch("https://127.0.0.1:" + plain.port() + "/")
                            .block(Duration.ofSeconds(20)));
            assertThat(error.phase()).isEqualTo(FetchPhase.TLS);
        }
    }

    @Test
    void aRedirectToPlainHttpIsRefused() throws Exception {
        try (FetchClient client = client(b -> b.trust(certificate.getCertificate()))) {
            FetchRedirectException error = catchThrowableOfType(
                    FetchRedirectException.class,
                    () -> client.fetch(url("tls.example") + "down").block(Duration.ofSeconds(20)));
            assertThat(error.reason()).isEqualTo(FetchRedirectException.Reason.REFUSED);
            assertThat(error.location()).isEqualTo("http://tls.example/");
        }
    }
}
