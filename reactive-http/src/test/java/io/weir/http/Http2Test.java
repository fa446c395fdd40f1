package io.weir.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import io.weir.core.offload.Offload;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.netty.DisposableServer;
import reactor.netty.http.HttpProtocol;
import reactor.netty.http.server.HttpServer;

/** HTTP/2 with Reactor Netty's own server, over TLS and without. */
class Http2Test {
    private static final String LARGE = "x".repeat(1 << 18);
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
                .addSanDnsName("localhost")
                .addSanDnsName("other.example")
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
                        .get(
                                "/headers",
                                (req, res) ->
                                        res.header("big", "x".repeat(4000)).send())
                        .get(
                                "/slow",
                                (req, res) -> res.sendString(Mono.just("slow").delayElement(Duration.ofMillis(100))))
                        .get("/never", (req, res) -> res.sendString(Mono.never()))
                        .get(
                                "/cut",
                                (req, res) -> res.sendString(
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
        FetchBody streamed = FetchBody.ofPublisher(Flux.range(0, 16)
                .map(i -> io.netty.buffer.Unpooled.copiedBuffer(LARGE, 0, 16384, StandardCharsets.US_ASCII)));
        assertThat(Await.value(client.fetch(FetchRequest.post(url + "/echo", streamed)))
                        .text())
                .isEqualTo(LARGE);
        FetchResponse response = Await.value(client.fetch(FetchRequest.post(url + "/echo", FetchBody.ofString("ü"))));
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
                FetchTimeoutException.class, () -> client.fetch(url + "/never").block(Duration.ofSeconds(20)));
        assertThat(error.setting()).isEqualTo("headersTimeout");
    }

    @Test
    void headersAreLimited() {
        String url = open(Way.TLS, builder -> builder.maxHeaderBytes(1000));
        FetchLimitException error = catchThrowableOfType(
                FetchLimitException.class, () -> client.fetch(url + "/headers").block(Duration.ofSeconds(20)));
        assertThat(error.setting()).isEqualTo("maxHeaderBytes");
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

    @ParameterizedTest
    @EnumSource
    void whatIsCancelledAtAnyMomentLeavesNothingBehind(Way way) {
        String url = open(way);
        AtomicInteger whole = new AtomicInteger();
        Flux.range(0, 600)
                .flatMap(
                        i -> {
                            Mono<FetchResponse> fetch = client.fetch(url + (i % 5 == 0 ? "/large" : "/version"));
                            return i % 3 == 0
                                    ? fetch.doOnNext(response -> whole.incrementAndGet())
                                            .then()
                                    : fetch.then().takeUntilOther(Mono.delay(Duration.ofNanos(i * 20_000L)));
                        },
                        24)
                .blockLast(Duration.ofSeconds(60));
        assertThat(whole).hasValue(200);
        Eventually.settled(client);
        for (int i = 0; i < 20; i++) {
            Await.value(Flux.range(0, 8)
                    .flatMap(n -> client.fetch(url + "/version"), 8)
                    .then(Mono.just(1)));
        }
        Eventually.settled(client);
        assertThat(client.stats().openSockets()).isEqualTo(1);
    }

    @Test
    void whoWaitsForAConnectionHasAnotherMadeWhenTheOneIsGivenUpForWhomItIsMade() throws Exception {
        try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getByAddress(new byte[] {127, 0, 0, 1}))) {
            open(Way.TLS);
            String url = "https://127.0.0.1:" + silent.getLocalPort() + "/";
            Disposable first = client.fetch(url).subscribe();
            try (Socket one = silent.accept()) {
                Disposable second = client.fetch(url).subscribe();
                Eventually.check("both are under way", () -> client.stats().inFlight() == 2);
                assertThat(client.stats().openSockets()).isEqualTo(1);
                first.dispose();
                try (Socket other = silent.accept()) {
                    assertThat(other.isConnected()).isTrue();
                    assertThat(one.getInputStream().readAllBytes()).isNotNull(); // ended by the client
                    second.dispose();
                }
            }
        }
    }

    @Test
    void aServerOfHttp1SpokenToInHttp2IsAnError() {
        open(Way.CLEARTEXT, builder -> builder.retry(RetryPolicy.none()));
        DisposableServer old = server(s -> s);
        FetchException error = catchThrowableOfType(
                FetchException.class,
                () -> client.fetch("http://127.0.0.1:" + old.port() + "/version")
                        .block(Duration.ofSeconds(20)));
        old.disposeNow();
        assertThat(error).isInstanceOf(FetchProtocolException.class).hasMessageContaining("does not speak HTTP/2");
        assertThat(error.sent()).isEqualTo(Sent.NO);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aServerThatEndsTheConnectionBeforeItsFirstFrameIsAnErrorToAllWhoWaitForIt(boolean tls) throws Exception {
        open(tls ? Way.TLS : Way.CLEARTEXT, builder -> builder.retry(RetryPolicy.none()));
        try (ServerSocket server = new ServerSocket(0, 50, InetAddress.getByAddress(new byte[] {127, 0, 0, 1}))) {
            Disposable closing = Offload.blocking(() -> {
                        while (true) {
                            server.accept().close();
                        }
                    })
                    .subscribe(never -> {}, closed -> {});
            String url = "http" + (tls ? "s" : "") + "://127.0.0.1:" + server.getLocalPort() + "/";
            List<Throwable> errors = Flux.range(0, 20)
                    .flatMap(
                            i -> client.fetch(url).<Throwable>then(Mono.empty()).onErrorResume(Mono::just))
                    .collectList()
                    .block(Duration.ofSeconds(20));
            closing.dispose();
            assertThat(errors).hasSize(20).allSatisfy(error -> {
                assertThat(error).isInstanceOfAny(FetchConnectException.class, FetchDisconnectedException.class);
                assertThat(((FetchException) error).sent()).isEqualTo(Sent.NO);
            });
        }
    }

    @Test
    void namesOfOneAddressDoNotShareAConnectionAlsoWhereTheCertificateIsForBoth() throws Exception {
        InetAddress loopback = InetAddress.getByAddress(new byte[] {127, 0, 0, 1});
        open(Way.TLS, builder -> builder.resolve(host -> loopback));
        for (String host : List.of("localhost", "other.example", "localhost")) {
            assertThat(Await.value(client.fetch("https://" + host + ":" + secure.port() + "/version"))
                            .text())
                    .isEqualTo("HTTP/2.0");
        }
        assertThat(CONNECTIONS).hasSize(2);
    }

    @Test
    void openSocketsStayWithinTheirBound() {
        open(Way.CLEARTEXT, builder -> builder.maxOpenSockets(32));
        DisposableServer everywhere = server(s -> s.host("0.0.0.0").protocol(HttpProtocol.H2C));
        Flux.range(1, 100)
                .concatMap(i -> client.fetch("http://127.0.3." + i + ":" + everywhere.port() + "/version")
                        .doOnNext(r -> assertThat(client.stats().openSockets()).isLessThanOrEqualTo(32)))
                .blockLast(Duration.ofSeconds(30));
        Eventually.settled(client);
        everywhere.disposeNow();
    }
}
