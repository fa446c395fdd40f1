package io.weir.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.core.task.Outcome;
import io.weir.http.testing.FakeAnswer;
import io.weir.http.testing.FakeTransport;
import io.weir.testing.Examples;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;
import reactor.test.StepVerifier;

/** The examples in this module's Javadoc, compiled and run. */
class ExamplesTest {
    @TestFactory
    Stream<DynamicTest> everyExampleInJavadocStandsInATest() {
        return Examples.inJavadocOf(Path.of(""));
    }

    @Test
    void fetching() {
        AtomicInteger served = new AtomicInteger();
        DisposableServer server = HttpServer.create()
                .host("127.0.0.1")
                .port(0)
                .handle((request, response) ->
                        response.sendString(Mono.fromCallable(() -> "hello " + served.incrementAndGet())))
                .bindNow();
        String url = "http://127.0.0.1:" + server.port() + "/";

        try (FetchClient client = FetchClient.create()) {
            String page = client.fetch(url).map(FetchResponse::text).block();
        }

        server.disposeNow();
        assertThat(served).hasValue(1);
    }

    @Test
    void aRequest() {
        FetchRequest request = FetchRequest.get("https://example.com/a")
                .header("Accept", "text/html")
                .timeout(Duration.ofSeconds(5));

        assertThat(request.headers().first("Accept")).isEqualTo("text/html");
    }

    @Test
    void streaming() {
        DisposableServer server = HttpServer.create()
                .host("127.0.0.1")
                .port(0)
                .handle((request, response) -> response.sendString(Mono.just("ok\nERROR one\nERROR two\n")))
                .bindNow();
        String url = "http://127.0.0.1:" + server.port() + "/";

        try (FetchClient client = FetchClient.create()) {
            Mono<Long> errors = client.exchange(
                    FetchRequest.get(url),
                    response -> response.lines()
                            .filter(line -> line.contains("ERROR"))
                            .count());

            assertThat(errors.block()).isEqualTo(2);
        }

        server.disposeNow();
    }

    @Test
    void aForm(@TempDir Path folder) throws IOException {
        Path picture = Files.write(folder.resolve("weir.png"), new byte[] {1, 2, 3});
        String url = "https://example.com/upload";

        FetchRequest upload = FetchRequest.of("POST", url)
                .body(FetchBody.ofMultipart(
                        FetchPart.of("title", "The weir"),
                        FetchPart.file("image", picture).contentType("image/png")));

        assertThat(upload).hasToString("POST https://example.com/upload");
    }

    @Test
    void retrying() {
        RetryPolicy patient =
                RetryPolicy.standard().attempts(5).backoff(Duration.ofMillis(200), Duration.ofSeconds(10));

        assertThat(patient.attempts()).isEqualTo(5);
    }

    @Test
    void fetchingAll() {
        Flux<String> links = Flux.just("http://127.0.0.1:1/", "nonsense");
        try (FetchClient client =
                FetchClient.builder().retry(RetryPolicy.none()).build()) {
            Flux<String> dead = client.fetchAll(links, FetchRequest::get, FetchAllOptions.standard())
                    .filter(fetched -> fetched.outcome() instanceof Outcome.Failure)
                    .map(FetchOutcome::input);

            assertThat(Await.value(dead.collectList())).containsExactlyInAnyOrder("http://127.0.0.1:1/", "nonsense");
        }
    }

    @Test
    void guarding() {
        FetchClient client = FetchClient.builder()
                .addresses(AddressRules.publicOnly().allow("10.1.2.0/24").deny("203.0.113.7"))
                .build();

        client.close();
    }

    @Test
    void testing() {
        FakeTransport server = FakeTransport.answering(FakeAnswer.status(503), FakeAnswer.ok("hello"));
        FetchClient client = FetchClient.builder().transport(server).build();

        StepVerifier.withVirtualTime(() -> client.fetch("https://example.com/").map(FetchResponse::text))
                .thenAwait(Duration.ofSeconds(10))
                .expectNext("hello")
                .verifyComplete();
        assertThat(server.requests()).hasSize(2);
        client.close();
    }
}
