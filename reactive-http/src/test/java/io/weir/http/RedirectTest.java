package io.weir.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.netty.handler.codec.http.HttpHeaders;
import io.weir.http.FetchRedirectException.Reason;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Mono;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;
import reactor.test.StepVerifier;

class RedirectTest {
    private static final Map<String, HttpHeaders> SEEN = new ConcurrentHashMap<>();
    private static final Map<String, String> BODIES = new ConcurrentHashMap<>();
    private static DisposableServer server;
    private static FetchClient client;

    @BeforeAll
    static void start() throws UnknownHostException {
        InetAddress loopback = InetAddress.getByAddress(new byte[] {127, 0, 0, 1});
        server = HttpServer.create()
                .host("127.0.0.1")
                .port(0)
                .handle((req, res) -> {
                    String key = req.requestHeaders().get("Host").split(":")[0] + req.uri();
                    return req.receive()
                            .aggregate()
                            .asString()
                            .defaultIfEmpty("")
                            .flatMap(body -> {
                                SEEN.put(key, req.requestHeaders().copy());
                                BODIES.put(key, req.method() + " " + body);
                                String[] parts = req.uri().split("~", 2);
                                if (parts.length < 2) {
                                    return res.sendString(Mono.just("end")).then();
                                }
                                String to = parts[1].replace("%7Bport%7D", "" + server.port());
                                return res.status(Integer.parseInt(parts[0].substring(1)))
                                        .header("Location", to)
                                        .sendString(Mono.just("moved"))
                                        .then();
                            });
                })
                .bindNow();
        client = FetchClient.builder()
                .resolve(host -> host.endsWith(".example") ? loopback : null)
                .build();
    }

    @AfterAll
    static void stop() {
        Eventually.settled(client);
        client.close();
        server.disposeNow();
    }

    @BeforeEach
    void forget() {
        SEEN.clear();
        BODIES.clear();
    }

    private static String at(String host, String path) {
        return "http://" + host + ":" + server.port() + path;
    }

    private static HttpHeaders seen(String key) {
        return Objects.requireNonNull(SEEN.get(key), key);
    }

    private static FetchRequest get(String path) {
        return FetchRequest.get(at("a.example", path));
    }

    private static FetchResponse fetch(FetchRequest request) {
        return Await.value(client.fetch(request));
    }

    private static FetchRedirectException refused(FetchRequest request) {
        return catchThrowableOfType(FetchRedirectException.class, () -> fetch(request));
    }

    @ParameterizedTest
    @CsvSource({
        "301, GET, GET, ''", "302, GET, GET, ''", "303, GET, GET, ''", "307, GET, GET, ''", "308, GET, GET, ''",
        "301, POST, GET, ''", "302, POST, GET, ''", "303, POST, GET, ''", "307, POST, POST, x", "308, POST, POST, x",
        "301, PUT, PUT, x", "302, PUT, PUT, x", "303, PUT, GET, ''", "307, PUT, PUT, x", "308, PUT, PUT, x",
        "303, DELETE, GET, ''",
    })
    void theMethodChangesAsTheRfcSays(int status, String method, String then, String body) {
        FetchRequest request = FetchRequest.of(method, at("a.example", "/" + status + "~/end"));
        if (!method.equals("GET") && !method.equals("DELETE")) {
            request = request.body("x", "text/plain");
        }
        FetchResponse response = fetch(request);
        assertThat(response.status()).isEqualTo(200);
        assertThat(BODIES.get("a.example/end")).isEqualTo(then + " " + body);
        assertThat(seen("a.example/end").contains("Content-Type")).isEqualTo(!body.isEmpty());
        assertThat(response.uri()).hasToString(at("a.example", "/end"));
        assertThat(response.redirects())
                .containsExactly(new Redirect(status, request.uri(), URI.create(at("a.example", "/end"))));
    }

    @Test
    void headStaysHead() {
        fetch(FetchRequest.head(at("a.example", "/303~/end")));
        assertThat(BODIES.get("a.example/end")).startsWith("HEAD");
    }

    @ParameterizedTest
    @ValueSource(ints = {300, 304, 305, 306})
    void otherStatusesAreNotFollowed(int status) {
        assertThat(fetch(get("/" + status + "~/end")).status()).isEqualTo(status);
    }

    @Test
    void aRedirectWithoutLocationIsAResponse() throws IOException {
        try (FaultServer bare = FaultServer.answering("HTTP/1.1 302 Found\r\nContent-Length: 4\r\n\r\nbody")) {
            assertThat(fetch(FetchRequest.get(bare.url("/"))).text()).isEqualTo("body");
        }
    }

    @Test
    void severalDifferentLocationsAreInvalid() throws IOException {
        try (FaultServer two = FaultServer.answering(
                "HTTP/1.1 302 Found\r\nLocation: /a\r\nLocation: /b\r\nContent-Length: 0\r\n\r\n")) {
            assertThat(refused(FetchRequest.get(two.url("/"))).reason()).isEqualTo(Reason.INVALID);
        }
    }

    @Test
    void selfIsALoop() throws IOException {
        try (FaultServer self =
                FaultServer.answering("HTTP/1.1 302 Found\r\nLocation: /\r\nContent-Length: 0\r\n\r\n")) {
            FetchRedirectException error = refused(FetchRequest.get(self.url("/#fragment")));
            assertThat(error.reason()).isEqualTo(Reason.LOOP);
            assertThat(error.status()).isEqualTo(302);
            assertThat(error.location()).isEqualTo(self.url("/"));
            assertThat(error.chain()).isEmpty();
            assertThat(error.sent()).isEqualTo(Sent.YES);
            assertThat(error.isTransient()).isFalse();
            assertThat(self.requests()).hasSize(1);
        }
    }

    @Test
    void postThatLeadsToGetOfTheSameIsNoLoop() throws IOException {
        try (FaultServer form = new FaultServer(peer -> {
            while (peer.readRequest()) {
                peer.send("HTTP/1.1 303 See Other\r\nLocation: /\r\nContent-Length: 0\r\n\r\n");
                peer.readRequest();
                peer.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
            }
        })) {
            assertThat(fetch(FetchRequest.post(form.url("/"), new byte[] {'x'})).text())
                    .isEqualTo("ok");
        }
    }

    @Test
    void moreThanTheLimitIsAnError() throws IOException {
        try (FaultServer endless = new FaultServer(peer -> {
            for (int i = 0; peer.readRequest(); i++) {
                peer.send("HTTP/1.1 302 Found\r\nLocation: /" + i + "?secret\r\nContent-Length: 0\r\n\r\n");
            }
        })) {
            FetchRedirectException error = refused(FetchRequest.get(endless.url("/")));
            assertThat(error.reason()).isEqualTo(Reason.LIMIT);
            assertThat(error.chain()).hasSize(10);
            assertThat(error.location()).isEqualTo(endless.url("/10?secret"));
            assertThat(error).hasMessageNotContaining("secret");
            assertThat(endless.requests()).hasSize(11);
            assertThat(endless.accepted()).isEqualTo(1);
            FetchRedirectException two = refused(FetchRequest.get(endless.url("/x"))
                    .redirects(RedirectPolicy.follow().max(2)));
            assertThat(two.chain()).hasSize(2);
        }
    }

    @Test
    void noneGivesTheRedirectItself() {
        FetchResponse response = fetch(get("/302~/end").redirects(RedirectPolicy.none()));
        assertThat(response.status()).isEqualTo(302);
        assertThat(response.header("Location")).isEqualTo("/end");
        assertThat(response.text()).isEqualTo("moved");
        assertThat(SEEN).doesNotContainKey("a.example/end");
    }

    @Test
    void thePredicateDecides() {
        List<URI> asked = new ArrayList<>();
        FetchRequest request = get("/302~/end").redirects(RedirectPolicy.onlyIf((from, to) -> {
            asked.add(from);
            asked.add(to);
            return false;
        }));
        FetchRedirectException error = refused(request);
        assertThat(error.reason()).isEqualTo(Reason.REFUSED);
        assertThat(error.location()).isEqualTo(at("a.example", "/end"));
        assertThat(asked).containsExactly(request.uri(), URI.create(at("a.example", "/end")));
        assertThat(SEEN).doesNotContainKey("a.example/end");
        assertThat(fetch(get("/302~/end").redirects(RedirectPolicy.onlyIf((from, to) -> true)))
                        .status())
                .isEqualTo(200);
    }

    @Test
    void whatThePredicateThrowsIsTheError() {
        StepVerifier.create(client.fetch(get("/302~/end").redirects(RedirectPolicy.onlyIf((from, to) -> {
                    throw new IllegalStateException("mine");
                }))))
                .expectErrorMatches(
                        error -> error instanceof IllegalStateException && "mine".equals(error.getMessage()))
                .verify(Duration.ofSeconds(20));
        Eventually.settled(client);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"ftp://x/", "javascript:alert(1)", "http://user:pw@a.example/", "http://", "//", "http://127.1/"
            })
    void locationsThatCannotBeFetchedAreInvalid(String location) throws IOException {
        try (FaultServer wrong = FaultServer.answering(
                "HTTP/1.1 302 Found\r\nLocation: " + location + "\r\nContent-Length: 0\r\n\r\n")) {
            FetchRedirectException error = refused(FetchRequest.get(wrong.url("/")));
            assertThat(error.reason()).isEqualTo(Reason.INVALID);
            assertThat(error).hasMessageNotContaining("pw");
            assertThat(error.location()).isEqualTo(location);
        }
    }

    @Test
    void onlyHarmlessHeadersGoToAnotherOrigin() {
        FetchRequest request = get("/302~http://b.example:{port}/end")
                .header("Authorization", "secret")
                .header("Cookie", "secret")
                .header("X-Api-Key", "secret")
                .header("Proxy-Authorization", "secret")
                .header("Referer", "secret")
                .header("Host", "a.example:" + server.port())
                .header("Accept", "text/html")
                .header("Accept-Language", "de")
                .header("User-Agent", "me");
        fetch(request);
        HttpHeaders first = seen(
                "a.example/302~http://b.example:{port}/end".replace("{", "%7B").replace("}", "%7D"));
        assertThat(first.get("X-Api-Key")).isEqualTo("secret");
        HttpHeaders second = seen("b.example/end");
        assertThat(second.names())
                .containsExactlyInAnyOrder("host", "accept-encoding", "Accept", "Accept-Language", "User-Agent");
        assertThat(second.toString()).doesNotContain("secret");
        assertThat(second.get("Host")).isEqualTo("b.example:" + server.port());
        assertThat(second.get("User-Agent")).isEqualTo("me");
    }

    @Test
    void nothingIsRestoredOnTheWayBack() {
        String back = "/302~http://b.example:{port}/302~http://a.example:{port}/end";
        fetch(get(back).header("Authorization", "secret").header("Accept", "text/html"));
        assertThat(seen("a.example/end").contains("Authorization")).isFalse();
        assertThat(seen("a.example/end").get("Accept")).isEqualTo("text/html");
    }

    @Test
    void theSameOriginGetsAllHeaders() {
        fetch(get("/302~/end").header("Authorization", "secret"));
        assertThat(seen("a.example/end").get("Authorization")).isEqualTo("secret");
    }

    @Test
    void httpsNeverLeadsToHttp() {
        FetchRequest request = FetchRequest.get("https://a.example/");
        Call<FetchResponse> call = new Call<>(
                client.fetching(), request, new BufferedReader(client.fetching().limits()), new BaseSubscriber<>() {});
        Redirects redirects = new Redirects(request, RedirectPolicy.follow());
        FetchHeaders location = FetchHeaders.empty().plus("Location", "http://a.example/x");
        FetchRedirectException error = catchThrowableOfType(
                FetchRedirectException.class, () -> redirects.next(request, 302, location, call.attempt()));
        assertThat(error.reason()).isEqualTo(Reason.REFUSED);
        assertThat(error.location()).isEqualTo("http://a.example/x");
    }
}
