package io.weir.http.testing;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.http.FetchBody;
import io.weir.http.FetchClient;
import io.weir.http.FetchConnectException;
import io.weir.http.FetchDisconnectedException;
import io.weir.http.FetchException;
import io.weir.http.FetchLimitException;
import io.weir.http.FetchPhase;
import io.weir.http.FetchRequest;
import io.weir.http.FetchResponse;
import io.weir.http.FetchStats;
import io.weir.http.FetchStream;
import io.weir.http.FetchTimeoutException;
import io.weir.http.RetryPolicy;
import io.weir.http.Sent;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.zip.GZIPOutputStream;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.test.StepVerifier;

/** What a user's test looks like: the client is the real one, and there is no server. */
@Timeout(60)
class FakeTransportTest {
    private static final String URL = "https://example.com/";

    private final FakeTransport server = FakeTransport.create();
    private final FetchClient client = FetchClient.builder()
            .transport(server)
            .retry(RetryPolicy.none())
            .maxBodyBytes(1000)
            .build();

    @AfterEach
    void leavesNothing() {
        assertThat(server.running()).isZero();
        assertThat(client.stats()).isEqualTo(new FetchStats(0, 0, 0, 0, 0));
        client.close();
    }

    private FetchResponse fetched() {
        return client.fetch(URL).block(Duration.ofSeconds(20));
    }

    @Test
    void answersInOrderAndTheLastForEver() {
        server.on(
                "GET",
                URL,
                FakeAnswer.ok("one").header("X-A", "b"),
                FakeAnswer.status(404).body("two"));
        FetchResponse first = fetched();
        assertThat(first.text()).isEqualTo("one");
        assertThat(first.header("x-a")).isEqualTo("b");
        assertThat(fetched().status()).isEqualTo(404);
        assertThat(fetched().text()).isEqualTo("two");
        assertThat(server.requests()).hasSize(3);
    }

    @Test
    void redirectsLimitsAndStreamsAreTheClients() {
        server.on("GET", URL, FakeAnswer.status(302).header("Location", "/there"));
        server.on("GET", URL + "there", FakeAnswer.ok("x".repeat(1001)).inPieces(7, Duration.ZERO));
        StepVerifier.create(client.fetch(URL))
                .expectError(FetchLimitException.class)
                .verify(Duration.ofSeconds(20));
        Mono<Integer> length = client.exchange(
                FetchRequest.get(URL),
                stream -> stream.bytes().map(bytes -> bytes.length).reduce(0, Integer::sum));
        assertThat(length.block(Duration.ofSeconds(20))).isEqualTo(1001);
    }

    @Test
    void seesTheRequestAndItsBody() {
        server.on(
                request -> request.method().equals("POST"),
                (request, number) -> FakeAnswer.ok(number + request.uri().getPath() + request.body()));
        FetchResponse response =
                client.fetch(FetchRequest.post(URL, FetchBody.ofString("x"))).block(Duration.ofSeconds(20));
        assertThat(response.text()).isEqualTo("1/text/plain; charset=UTF-8");
    }

    @Test
    void delaysAreInVirtualTime() {
        server.on("GET", URL, FakeAnswer.ok("late").after(Duration.ofSeconds(14)));
        StepVerifier.withVirtualTime(() -> client.fetch(URL).map(FetchResponse::text))
                .expectSubscription()
                .expectNoEvent(Duration.ofSeconds(14))
                .expectNext("late")
                .verifyComplete();
    }

    @Test
    void silenceMeetsTheClientsTimeOuts() {
        server.on("GET", URL, FakeAnswer.silence(), FakeAnswer.ok("ab").inPieces(2, Duration.ofSeconds(16)));
        StepVerifier.withVirtualTime(() -> client.fetch(URL))
                .thenAwait(Duration.ofSeconds(15))
                .expectErrorSatisfies(error ->
                        assertThat(((FetchTimeoutException) error).setting()).isEqualTo("headersTimeout"))
                .verify();
        assertThat(server.running()).isZero();
        StepVerifier.withVirtualTime(() -> client.exchange(FetchRequest.get(URL), FetchStream::text))
                .thenAwait(Duration.ofSeconds(15))
                .expectErrorSatisfies(error ->
                        assertThat(((FetchTimeoutException) error).setting()).isEqualTo("readTimeout"))
                .verify();
    }

    @Test
    void aReaderWhoTakesHisTimeMeetsOnlyTheTotal() {
        server.on("GET", URL, FakeAnswer.ok("abc").inPieces(3, Duration.ZERO));
        StepVerifier.withVirtualTime(() -> client.exchange(
                        FetchRequest.get(URL),
                        stream -> stream.body()
                                .concatMap(buffer -> Mono.delay(Duration.ofSeconds(16)), 1)
                                .count()))
                .thenAwait(Duration.ofSeconds(48))
                .expectNext(3L)
                .verifyComplete();
    }

    @Test
    void failuresAreToldAsTheNetworks() {
        server.on(
                "GET",
                URL,
                FakeAnswer.failure(new ConnectException("refused")),
                FakeAnswer.failure(new UnknownHostException("nowhere")),
                FakeAnswer.failure(new SSLHandshakeException("no")),
                FakeAnswer.failure(new IOException("gone")),
                FakeAnswer.ok("abc").failingAfter(2, new IOException("gone")),
                FakeAnswer.failure(new IllegalStateException("mine")));
        fails(FetchConnectException.class, FetchPhase.CONNECT, Sent.NO);
        fails(FetchConnectException.class, FetchPhase.DNS, Sent.NO);
        fails(FetchConnectException.class, FetchPhase.TLS, Sent.NO);
        fails(FetchDisconnectedException.class, FetchPhase.HEADERS, Sent.MAYBE);
        fails(FetchDisconnectedException.class, FetchPhase.BODY, Sent.YES);
        StepVerifier.create(client.fetch(URL)).expectErrorMessage("mine").verify(Duration.ofSeconds(20));
    }

    private <E extends FetchException> void fails(Class<E> type, FetchPhase phase, Sent sent) {
        StepVerifier.create(client.fetch(URL))
                .expectErrorSatisfies(error -> {
                    assertThat(error).isInstanceOf(type);
                    assertThat(type.cast(error).phase()).isEqualTo(phase);
                    assertThat(type.cast(error).sent()).isEqualTo(sent);
                })
                .verify(Duration.ofSeconds(20));
    }

    @Test
    void whatNobodyToldIsAnError() {
        StepVerifier.create(client.fetch(URL))
                .expectErrorMessage("no answer was told for GET https://example.com/")
                .verify(Duration.ofSeconds(20));
    }

    @Test
    void repetitionsAreTheClients() {
        server.on(
                "GET",
                URL,
                FakeAnswer.status(503),
                FakeAnswer.refused(),
                FakeAnswer.disconnected(),
                FakeAnswer.ok("a"));
        StepVerifier.withVirtualTime(() -> client.fetch(FetchRequest.get(URL)
                                .retry(RetryPolicy.standard().attempts(4)))
                        .map(FetchResponse::text))
                .thenAwait(Duration.ofSeconds(20))
                .expectNext("a")
                .verifyComplete();
        assertThat(server.requests()).hasSize(4);
    }

    @Test
    void codedBodiesAreDecoded() throws IOException {
        ByteArrayOutputStream coded = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(coded)) {
            gzip.write("hello".getBytes(StandardCharsets.UTF_8));
        }
        server.on(
                "GET",
                URL,
                FakeAnswer.status(200).header("Content-Encoding", "gzip").body(coded.toByteArray()));
        assertThat(fetched().text()).isEqualTo("hello");
    }

    @Test
    void aBodyThatNobodyReadsIsCancelled() {
        server.on("GET", URL, FakeAnswer.ok("abc").inPieces(3, Duration.ofDays(1)));
        StepVerifier.withVirtualTime(() -> client.exchange(FetchRequest.get(URL), stream -> Mono.just(stream.status())))
                .thenAwait(Duration.ofSeconds(1))
                .expectNext(200)
                .verifyComplete();
        assertThat(server.running()).isZero();
    }

    @Test
    void aCancelEndsTheRequest() {
        server.on("GET", URL, FakeAnswer.silence());
        Disposable fetch = client.fetch(URL).subscribe();
        assertThat(server.running()).isEqualTo(1);
        fetch.dispose();
        assertThat(server.running()).isZero();
    }

    @Test
    void anAnswerMayWaitForTheTest() {
        Sinks.One<FakeAnswer> answer = Sinks.one();
        server.on("GET", URL, FakeAnswer.from(answer.asMono()));
        StepVerifier.create(client.fetch(URL).map(FetchResponse::text))
                .then(() -> answer.tryEmitValue(FakeAnswer.ok("now")))
                .expectNext("now")
                .expectComplete()
                .verify(Duration.ofSeconds(20));
    }
}
