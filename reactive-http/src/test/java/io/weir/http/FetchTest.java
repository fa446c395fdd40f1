package io.weir.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.HttpHeaders;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;
import reactor.test.StepVerifier;

/** Against Reactor Netty's own server: what works when nothing goes wrong. */
class FetchTest {
    private static final byte[] LARGE = new byte[1 << 20];
    private static final List<HttpHeaders> SEEN = new CopyOnWriteArrayList<>();
    private static DisposableServer server;
    private static FetchClient client;

    @BeforeAll
    static void start() {
        new Random(1).nextBytes(LARGE);
        server = HttpServer.create()
                .host("127.0.0.1")
                .port(0)
                .route(routes -> routes.get("/text", (req, res) -> {
                            SEEN.add(req.requestHeaders());
                            return res.header("Content-Type", "text/plain; charset=ISO-8859-1")
                                    .header("X-Twice", "1")
                                    .addHeader("x-twice", "2")
                                    .sendByteArray(Mono.just("grün".getBytes(StandardCharsets.ISO_8859_1)));
                        })
                        .get(
                                "/large",
                                (req, res) -> res.header("Content-Length", "" + LARGE.length)
                                        .sendByteArray(Mono.just(LARGE)))
                        .get(
                                "/chunked",
                                (req, res) -> res.send(
                                        Flux.range(0, 64).map(i -> Unpooled.copiedBuffer(LARGE, i * 16384, 16384))))
                        .get(
                                "/status/{code}",
                                (req, res) -> res.status(Integer.parseInt(req.param("code")))
                                        .sendString(Mono.just("body")))
                        .get(
                                "/empty/{code}",
                                (req, res) -> res.status(Integer.parseInt(req.param("code")))
                                        .send())
                        .head(
                                "/text",
                                (req, res) -> res.header("Content-Length", "123456789")
                                        .send())
                        .post(
                                "/echo",
                                (req, res) -> res.header(
                                                "X-Length", req.requestHeaders().get("Content-Length"))
                                        .send(req.receive().retain()))
                        .put(
                                "/echo",
                                (req, res) -> res.header(
                                                "X-Length", req.requestHeaders().get("Content-Length"))
                                        .send(req.receive().retain())))
                .bindNow();
        client = FetchClient.create();
    }

    @AfterAll
    static void stop() {
        Eventually.settled(client);
        client.close();
        assertThat(client.stats()).isEqualTo(new FetchStats(0, 0, 0, 0, 0));
        server.disposeNow();
    }

    private static String url(String path) {
        return "http://127.0.0.1:" + server.port() + path;
    }

    private static FetchResponse fetch(FetchRequest request) {
        return Await.value(client.fetch(request));
    }

    @Test
    void givesStatusHeadersAndText() {
        FetchResponse response = fetch(FetchRequest.get(url("/text")));
        assertThat(response.status()).isEqualTo(200);
        assertThat(response.isSuccess()).isTrue();
        assertThat(response.text()).isEqualTo("grün");
        assertThat(response.contentType()).isEqualTo("text/plain; charset=ISO-8859-1");
        assertThat(response.headers().all("X-TWICE")).containsExactly("1", "2");
        assertThat(response.headers().toMap().get("x-TWICE")).containsExactly("1", "2");
        assertThat(response.uri()).hasToString(url("/text"));
        assertThat(response.redirects()).isEmpty();
        assertThat(response.elapsed()).isPositive();
        assertThat(response.waited().isNegative()).isFalse();
        assertThat(response.requireSuccess()).isSameAs(response);
    }

    @Test
    void sendsWhatWasSetAndDefaultsForTheRest() {
        SEEN.clear();
        fetch(FetchRequest.get(url("/text")));
        fetch(FetchRequest.get(url("/text"))
                .header("Accept-Encoding", "gzip")
                .header("User-Agent", "me")
                .header("Host", "other.example")
                .header("X-A", "1")
                .header("X-A", "2"));
        assertThat(SEEN.get(0).get("Host")).isEqualTo("127.0.0.1:" + server.port());
        assertThat(SEEN.get(0).get("Accept-Encoding")).isEqualTo("gzip, br, zstd");
        assertThat(SEEN.get(0).get("User-Agent")).startsWith("weir/");
        assertThat(SEEN.get(0).getAll("Content-Length")).isEmpty();
        assertThat(SEEN.get(1).getAll("Accept-Encoding")).containsExactly("gzip");
        assertThat(SEEN.get(1).getAll("User-Agent")).containsExactly("me");
        assertThat(SEEN.get(1).getAll("Host")).containsExactly("other.example");
        assertThat(SEEN.get(1).getAll("X-A")).containsExactly("1", "2");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/large", "/chunked"})
    void collectsLargeBodies(String path) {
        assertThat(fetch(FetchRequest.get(url(path))).bytes()).isEqualTo(LARGE);
    }

    @ParameterizedTest
    @ValueSource(ints = {400, 404, 500, 503, 599})
    void anErrorStatusIsAResponse(int status) {
        FetchResponse response = fetch(FetchRequest.get(url("/status/" + status + "?token=secret")));
        assertThat(response.status()).isEqualTo(status);
        assertThat(response.text()).isEqualTo("body");
        assertThatThrownBy(response::requireSuccess).isInstanceOfSatisfying(FetchStatusException.class, error -> {
            assertThat(error.status()).isEqualTo(status);
            assertThat(error.response()).isSameAs(response);
            assertThat(error.sent()).isEqualTo(Sent.YES);
            assertThat(error.isTransient()).isEqualTo(status == 500 || status == 503);
            assertThat(error).hasMessageNotContaining("secret");
        });
    }

    @ParameterizedTest
    @ValueSource(ints = {204, 304})
    void someStatusesHaveNoBody(int status) {
        assertThat(fetch(FetchRequest.get(url("/empty/" + status))).bytes()).isEmpty();
        assertThat(fetch(FetchRequest.get(url("/text"))).text()).isEqualTo("grün");
    }

    @Test
    void headHasNoBodyWhateverItsLength() {
        FetchResponse response = fetch(FetchRequest.head(url("/text")));
        assertThat(response.bytes()).isEmpty();
        assertThat(response.header("content-length")).isEqualTo("123456789");
        assertThat(fetch(FetchRequest.get(url("/text"))).text()).isEqualTo("grün");
    }

    @Test
    void sendsBodies() {
        FetchResponse large = fetch(FetchRequest.post(url("/echo"), LARGE));
        assertThat(large.bytes()).isEqualTo(LARGE);
        assertThat(large.header("X-Length")).isEqualTo("" + LARGE.length);
        FetchResponse text = fetch(FetchRequest.of("PUT", url("/echo")).body("ü", "text/plain; charset=utf-8"));
        assertThat(text.text()).isEqualTo("ü");
        FetchResponse none = fetch(FetchRequest.of("POST", url("/echo")));
        assertThat(none.header("X-Length")).isEqualTo("0");
    }

    @Test
    void isColdAndFetchesOncePerSubscription() {
        SEEN.clear();
        Mono<FetchResponse> fetch = client.fetch(url("/text"));
        assertThat(SEEN).isEmpty();
        fetch.block();
        fetch.block();
        assertThat(SEEN).hasSize(2);
    }

    @Test
    void waitsForDemand() {
        SEEN.clear();
        StepVerifier.create(client.fetch(url("/text")), 0)
                .expectSubscription()
                .then(() -> assertThat(client.stats().inFlight()).isZero())
                .thenRequest(1)
                .expectNextCount(1)
                .expectComplete()
                .verify(Duration.ofSeconds(20));
        assertThat(SEEN).hasSize(1);
    }

    @Test
    void aBadUrlIsAnErrorSignal() {
        StepVerifier.create(client.fetch("nonsense"))
                .expectError(FetchRequestException.class)
                .verify();
    }

    @Test
    void theContextReachesThePredicate() {
        List<Object> seen = new ArrayList<>();
        Mono.deferContextual(context -> client.fetch(url("/text")).doOnNext(r -> seen.add(context.get("key"))))
                .contextWrite(context -> context.put("key", "value"))
                .block();
        assertThat(seen).containsExactly("value");
    }

    @Test
    void connectionsAreUsedAgain() {
        try (FetchClient own = FetchClient.create()) {
            Flux.range(0, 100).concatMap(i -> own.fetch(url("/text"))).blockLast();
            assertThat(own.stats().openSockets()).isEqualTo(1);
        }
    }

    @Test
    void loopThreadsAreNamedDaemons() {
        Thread thread = Await.value(client.fetch(url("/text")).map(response -> Thread.currentThread()));
        assertThat(thread.getName()).startsWith("weir-http-");
        assertThat(thread.isDaemon()).isTrue();
    }
}
