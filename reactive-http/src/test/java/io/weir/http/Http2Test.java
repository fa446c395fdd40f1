package io.weir.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.netty.DisposableServer;
import reactor.netty.http.HttpProtocol;
import reactor.netty.http.server.HttpServer;

class Http2Test {
    private static final String LARGE = "x".repeat(1 << 20);
    private static final Set<Object> CONNECTIONS = ConcurrentHashMap.newKeySet();

    private static X509Bundle certificate;
    private static DisposableServer secure;
    private static DisposableServer secureHttp1;
    private static DisposableServer plain;

    private FetchClient client;

    @BeforeAll
    static void start() throws Exception {
        certificate = new CertificateBuilder()
                .subject("CN=localhost")
                .addSanIpAddress("127.0.0.1")
                .setIsCertificateAuthority(true)
                .buildSelfSigned();
        var alpn = new ApplicationProtocolConfig(
                ApplicationProtocolConfig.Protocol.ALPN,
                ApplicationProtocolConfig.SelectorFailureBehavior.NO_ADVERTISE,
                ApplicationProtocolConfig.SelectedListenerFailureBehavior.ACCEPT,
                List.of("h2", "http/1.1"));
        var both = SslContextBuilder.forServer(certificate.toKeyManagerFactory())
                .applicationProtocolConfig(alpn)
                .build();
        var one = SslContextBuilder.forServer(certificate.toKeyManagerFactory()).build();
        secure = server(s -> s.protocol(HttpProtocol.H2, HttpProtocol.HTTP11).secure(spec -> spec.sslContext(both)));
        secureHttp1 = server(s -> s.secure(spec -> spec.sslContext(one)));
        plain = server(s -> s.protocol(HttpProtocol.H2C));
    }

    private static DisposableServer server(UnaryOperator<HttpServer> settings) {
        return settings.apply(HttpServer.create().host("127.0.0.1").port(0))
                .route(routes -> routes.get("/version", (req, res) -> {
                            req.withConnection(c -> CONNECTIONS.add(
                                    c.channel().parent() instanceof io.netty.channel.socket.ServerSocketChannel
                                            ? c.channel()
                                            : c.channel().parent()));
                            return res.sendString(Mono.just(req.version().text()));
                        })
                        .get("/large", (req, res) -> res.sendString(Mono.just(LARGE)))
                        .get("/headers", (req, res) -> res.header("big", "x".repeat(4000)).send())
                        .get("/slow", (req, res) -> res.sendString(
                                Mono.just("slow").delayElement(Duration.ofMillis(100))))
                        .get("/never", (req, res) -> res.sendString(Mono.never()))
                        .get("/cut", (req, res) -> res.sendString(
                                Flux.just("abc").concatWith(Mono.error(new IllegalStateException("cut")))))
                        .post("/echo", (req, res) -> res.send(req.receive().retain()))
                        .post("/refuse", (req, res) -> res.status(413).sendString(Mono.just("no"))))
                .bindNow();
    }

    @AfterAll
    static void stop() {
        secure.disposeNow();
        secureHttp1.disposeNow();
        plain.disposeNow();
    }

    @AfterEach
    void leavesNothing() {
        Eventually.settled(client);
        client.close();
        assertThat(client.stats()).isEqualTo(new FetchStats(0, 0, 0, 0, 0));
        CONNECTIONS.clear();
    }

    enum Way {
        TLS,
        CLEARTEXT
    }

    private String open(Way way) {
        return open(way, builder -> builder);
    }

    private String open(Way way, UnaryOperator<FetchClientBuilder> settings) {
        client = settings.apply(FetchClient.builder()
                        .http2(way == Way.TLS ? Http2.NEGOTIATED : Http2.PRIOR_KNOWLEDGE)
                        .trust(certificate.getCertificate()))
                .build();
        return way == Way.CLEARTEXT ? "http://127.0.0.1:" + plain.port() : "https://127.0.0.1:" + secure.port();
    }

    @ParameterizedTest
    @EnumSource
    void requestsShareOneConnection(Way way) {
        String url = open(way);
        List<String> versions = Flux.range(0, 100)
                .flatMap(i -> client.fetch(url + "/version").map(FetchResponse::text), 50)
                .collectList()
                .block(Duration.ofSeconds(20));
        assertThat(versions).hasSize(100).containsOnly("HTTP/2.0");
        assertThat(CONNECTIONS).hasSize(1);
        Eventually.settled(client);
        assertThat(client.stats().openSockets()).isEqualTo(1);
    }

    @ParameterizedTest
    @EnumSource
    void bodiesGoBothWays(Way way) {
        String url = open(way);
        assertThat(Await.value(client.fetch(url + "/large")).text()).isEqualTo(LARGE);
        FetchBody streamed = FetchBody.ofPublisher(Flux.range(0, 64)
                .map(i -> io.netty.buffer.Unpooled.copiedBuffer(LARGE, 0, 16384, StandardCharsets.US_ASCII)));
        assertThat(Await.value(client.fetch(FetchRequest.post(url + "/echo", streamed))).text())
                .isEqualTo(LARGE);
        FetchResponse response =
                Await.value(client.fetch(FetchRequest.post(url + "/echo", FetchBody.ofString("ü"))));
        assertThat(response.text()).isEqualTo("ü");
        assertThat(response.headers().toMap().keySet()).noneMatch(name -> name.startsWith("x-http2"));
    }

    @ParameterizedTest
    @EnumSource
    void whatIsNotReadCostsAStreamAndNoConnection(Way way) {
        String url = open(way);
        for (int i = 0; i < 20; i++) {
            int status = Await.value(
                    client.exchange(FetchRequest.get(url + "/large"), stream -> Mono.just(stream.status())));
            assertThat(status).isEqualTo(200);
        }
        assertThat(Await.value(client.fetch(url + "/version")).text()).isEqualTo("HTTP/2.0");
        Eventually.settled(client);
        assertThat(client.stats().openSockets()).isEqualTo(1);
    }

    @ParameterizedTest
    @EnumSource
    void cancelEndsTheStreamOnly(Way way) {
        String url = open(way);
        Mono<FetchResponse> beside = client.fetch(url + "/slow").cache();
        beside.subscribe();
        for (int i = 0; i < 5; i++) {
            Disposable never = client.fetch(url + "/never").subscribe();
            Eventually.check("it runs", () -> client.stats().inFlight() >= 1);
            never.dispose();
        }
        assertThat(Await.value(beside).text()).isEqualTo("slow");
        assertThat(Await.value(client.fetch(url + "/version")).text()).isEqualTo("HTTP/2.0");
    }

    @ParameterizedTest
    @EnumSource
    void aStreamThatIsResetIsAnError(Way way) {
        String url = open(way);
        FetchDisconnectedException error = catchThrowableOfType(
                FetchDisconnectedException.class,
                () -> client.fetch(url + "/cut").block(Duration.ofSeconds(20)));
        assertThat(error).isNotNull();
        assertThat(error.phase()).isEqualTo(FetchPhase.BODY);
        assertThat(error.sent()).isEqualTo(Sent.YES);
    }

    @Test
    void timeOutsAreThoseOfHttp1() {
        String url = open(Way.TLS, builder -> builder.headersTimeout(Duration.ofMillis(150)));
        FetchTimeoutException error = catchThrowableOfType(
                FetchTimeoutException.class,
                () -> client.fetch(url + "/never").block(Duration.ofSeconds(20)));
        assertThat(error.setting()).isIn("headersTimeout", "readTimeout");
    }

    @Test
    void headersAreLimited() {
        String url = open(Way.TLS, builder -> builder.maxHeaderBytes(1000));
        FetchException error = catchThrowableOfType(
                FetchException.class, () -> client.fetch(url + "/headers").block(Duration.ofSeconds(20)));
        assertThat(error).isNotNull();
    }

    @Test
    void aServerWithoutHttp2IsAskedInHttp1() {
        open(Way.TLS);
        String url = "https://127.0.0.1:" + secureHttp1.port();
        Flux.range(0, 20).concatMap(i -> client.fetch(url + "/version")).blockLast(Duration.ofSeconds(20));
        assertThat(Await.value(client.fetch(url + "/version")).text()).isEqualTo("HTTP/1.1");
        assertThat(Await.value(client.fetch(url + "/large")).text()).isEqualTo(LARGE);
        Eventually.settled(client);
        assertThat(client.stats().idleSockets()).isEqualTo(1);
        assertThat(CONNECTIONS).hasSize(1);
    }

    @Test
    void addressesAreGuarded() {
        String url = open(Way.TLS, builder -> builder.addresses(AddressRules.publicOnly()));
        assertThat(catchThrowableOfType(
                        FetchAddressException.class,
                        () -> client.fetch(url + "/version").block(Duration.ofSeconds(20))))
                .isNotNull();
    }
}
