package io.weir.demos.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.EOFException;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;

/** The web's own account of what it served, held against clients that ask for many things at once. */
class ServedTest {
    private static final int READERS = 12;
    private static final int DROPPED = -1;

    private static TestWebOptions.Builder plain() {
        return Webs.quick().hosts(2).pages(120).onlyPlainPages();
    }

    /** Asks so many times at the same moment; the statuses in ascending order. */
    private static List<Integer> atOnce(TestWeb web, URI uri) throws Exception {
        ExecutorService readers = Executors.newFixedThreadPool(READERS);
        CyclicBarrier ready = new CyclicBarrier(READERS);
        Callable<Integer> read = () -> {
            ready.await();
            try {
                return RawHttp.get(web, uri).status();
            } catch (EOFException e) {
                return DROPPED;
            }
        };
        try {
            List<Integer> statuses = new ArrayList<>();
            for (int i = 0; i < READERS; i++) {
                statuses.add(0);
            }
            List<Future<Integer>> reading = new ArrayList<>();
            for (int i = 0; i < READERS; i++) {
                reading.add(readers.submit(read));
            }
            for (int i = 0; i < READERS; i++) {
                statuses.set(i, reading.get(i).get());
            }
            return statuses.stream().sorted().toList();
        } finally {
            readers.shutdown();
        }
    }

    @Test
    void ofManyFirstRequestsAtOnceExactlyOneFails() throws Exception {
        try (TestWeb web = Webs.start(plain().share(PageKind.FAILS_ONCE, 0.2))) {
            for (URI uri : web.truth().ofKind(PageKind.FAILS_ONCE)) {
                assertThat(atOnce(web, uri))
                        .containsOnlyOnce(503)
                        .containsOnly(200, 503)
                        .hasSize(READERS);
                assertThat(web.served().of(uri).statuses()).isEqualTo(Map.of(200, READERS - 1, 503, 1));
            }
        }
    }

    @Test
    void ofManyFirstRequestsAtOnceExactlyOneLosesItsConnection() throws Exception {
        try (TestWeb web = Webs.start(plain().share(PageKind.DROPS_ONCE, 0.2))) {
            for (URI uri : web.truth().ofKind(PageKind.DROPS_ONCE)) {
                assertThat(atOnce(web, uri))
                        .containsOnlyOnce(DROPPED)
                        .containsOnly(200, DROPPED)
                        .hasSize(READERS);
                assertThat(web.served().of(uri).dropped()).isOne();
            }
        }
    }

    @Test
    void aConnectionIsLostAlsoWhereTheClientWouldHaveKeptIt() throws Exception {
        try (TestWeb web = Webs.start(plain().share(PageKind.DROPS_ONCE, 0.2))) {
            for (URI uri : web.truth().ofKind(PageKind.DROPS_ONCE)) {
                try (Socket socket = new Socket(web.resolve(uri.getHost()), uri.getPort())) {
                    socket.setSoTimeout(20_000); // in which a server that keeps it open would be found out
                    String head =
                            "GET " + uri.getRawPath() + " HTTP/1.1\r\nHost: " + uri.getRawAuthority() + "\r\n\r\n";
                    socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
                    assertThat(socket.getInputStream().readAllBytes()).hasSizeLessThan(60_000);
                }
            }
        }
    }

    @Test
    void countsWhatAClientThatKeepsItsConnectionsReceived() {
        assumeThat(Addressing.ofThisMachine())
                .as("the JDK's client cannot be given addresses")
                .isEqualTo(Addressing.LOOPBACK_ADDRESSES);
        try (TestWeb web = Webs.start(plain().share(PageKind.NOT_FOUND, 0.1))) {
            Truth truth = web.truth();
            HttpClient client = HttpClient.newHttpClient();
            List<CompletableFuture<HttpResponse<byte[]>>> asked = new ArrayList<>();
            for (int round = 0; round < 3; round++) {
                truth.pages()
                        .keySet()
                        .forEach(uri -> asked.add(client.sendAsync(
                                HttpRequest.newBuilder(uri)
                                        .version(HttpClient.Version.HTTP_1_1)
                                        .build(),
                                BodyHandlers.ofByteArray())));
            }
            long received = 0;
            for (CompletableFuture<HttpResponse<byte[]>> answer : asked) {
                received += answer.join().body().length;
            }

            Served served = web.served();
            assertThat(served.requests()).isEqualTo(360);
            assertThat(served.bytes()).isEqualTo(received);
            assertThat(served.urls()).containsOnlyKeys(truth.pages().keySet());
            truth.pages()
                    .forEach((uri, page) -> assertThat(served.of(uri))
                            .isEqualTo(new ServedUrl(3, Map.of(page.status(), 3), 0, 3 * page.bytes())));
        }
    }

    @Test
    void knowsHowManyRequestsWereInFlightAtMostInTotalAndForEachHost() throws IOException {
        TestWebOptions.Builder options =
                plain().share(PageKind.SLOW, 0.5).slowDelay(Duration.ofHours(1), Duration.ofHours(1));
        try (TestWeb web = Webs.start(options)) {
            List<Socket> waiting = new ArrayList<>();
            for (URI home : web.homes()) {
                int wanted = home.equals(web.startUri()) ? 5 : 3;
                web.truth().ofKind(PageKind.SLOW).stream()
                        .filter(uri -> uri.getRawAuthority().equals(home.getRawAuthority()))
                        .limit(wanted)
                        .forEach(uri -> waiting.add(ask(web, uri)));
            }
            awaitInFlight(web.served(), 8);
            for (Socket socket : waiting) {
                socket.close();
            }
            // The server learns of a client that has gone without having to answer it.
            awaitInFlight(web.served(), 0);
            assertThat(RawHttp.get(web, web.startUri()).status()).isEqualTo(200);

            assertThat(web.served().maxInFlight()).isEqualTo(8);
            assertThat(web.served().maxInFlightByHost())
                    .isEqualTo(Map.of(
                            web.homes().get(0).getRawAuthority(), 5,
                            web.homes().get(1).getRawAuthority(), 3));
        }
    }

    private static Socket ask(TestWeb web, URI uri) {
        try {
            Socket socket = new Socket(Objects.requireNonNull(web.resolve(uri.getHost())), uri.getPort());
            String head = "GET " + uri.getRawPath() + " HTTP/1.1\r\nHost: " + uri.getRawAuthority() + "\r\n\r\n";
            socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
            return socket;
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static void awaitInFlight(Served served, int expected) {
        StepVerifier.create(Mono.fromCallable(served::inFlight)
                        .filter(now -> now == expected)
                        .repeatWhenEmpty(again -> again.delayElements(Duration.ofMillis(5))))
                .expectNext(expected)
                .expectComplete()
                .verify(Duration.ofSeconds(20));
    }

    @Test
    void urlsThatAreNoPartOfTheWebAreKeptApart() throws IOException {
        try (TestWeb web = Webs.start(plain())) {
            URI invented = web.startUri().resolve("/invented.html");
            assertThat(RawHttp.get(web, invented).status()).isEqualTo(404);
            assertThat(web.served().unplanned()).isEqualTo(Set.of(invented.toString()));
            assertThat(web.served().urls()).isEmpty();
            assertThat(web.served().of(invented)).isEqualTo(ServedUrl.NEVER);
            assertThat(web.served().requests()).isOne();
        }
    }

    @Test
    void theSameSeedGivesTheSameBytesApartFromThePort() throws IOException {
        TestWebOptions.Builder options = Webs.quick().hosts(3).pages(200).seed(7);
        try (TestWeb one = Webs.start(options);
                TestWeb other = Webs.start(options)) {
            for (URI uri : one.truth().pages().keySet()) {
                URI same = URI.create(uri.toString()
                        .replace(
                                ":" + one.startUri().getPort(),
                                ":" + other.startUri().getPort()));
                assertThat(content(other, same)).isEqualTo(content(one, uri));
            }
        }
        try (TestWeb one = Webs.start(options);
                TestWeb another = Webs.start(options.seed(8))) {
            assertThat(content(another, another.startUri())).isNotEqualTo(content(one, one.startUri()));
        }
    }

    private static List<String> content(TestWeb web, URI uri) throws IOException {
        try {
            RawHttp.Response response = RawHttp.get(web, uri);
            String body = new String(response.body(), StandardCharsets.ISO_8859_1);
            String port = Integer.toString(web.startUri().getPort());
            // In UTF-16 a zero byte stands between the digits.
            String spaced = String.join("\0", port.split(""));
            return List.of(
                    Integer.toString(response.status()),
                    response.header("content-type"),
                    response.header("location").replace(port, "PORT"),
                    body.replace(port, "PORT").replace(spaced, "PORT"));
        } catch (EOFException dropped) {
            return List.of("dropped");
        }
    }
}
