package io.weir.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Objects;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** The connection ends before each byte of a request and of a response, in each framing: a part is never taken for the whole. */
class EveryByteTest {
    private static final String HEAD = "Server: fault\r\n";
    private static final String BODY = "hello";

    private final FetchClient client =
            FetchClient.builder().retry(RetryPolicy.none()).build();

    /** How the end of a body is told. */
    private enum Framing {
        LENGTH("HTTP/1.1 200 OK\r\n" + HEAD + "Content-Length: 5\r\n\r\n" + BODY),
        CHUNKS("HTTP/1.1 200 OK\r\n" + HEAD
                + "Transfer-Encoding: chunked\r\n\r\n3\r\nhel\r\n2;a=b\r\nlo\r\n0\r\nTrailer: c\r\n\r\n"),
        CLOSE("HTTP/1.0 200 OK\r\n" + HEAD + "\r\n" + BODY);

        final String response;

        Framing(String response) {
            this.response = response;
        }

        int head() {
            return response.indexOf("\r\n\r\n") + 4;
        }
    }

    @AfterEach
    void leavesNothing() {
        Eventually.settled(client);
        client.close();
        assertThat(client.stats()).isEqualTo(new FetchStats(0, 0, 0, 0, 0));
    }

    /** Answers {@code /n} with the first n bytes. */
    private static FaultServer cutting(String response, boolean reset) {
        return new FaultServer(peer -> {
            peer.readRequest();
            peer.send(response.substring(0, number(peer.path())));
            if (reset) {
                peer.reset();
            }
        });
    }

    private static int number(String path) {
        return Integer.parseInt(path.substring(1));
    }

    /** What became of the fetch of each number, as {@code number: what}, by both ways to read. */
    private String[] each(FaultServer server, int count) {
        return Flux.range(0, count)
                .flatMapSequential(
                        i -> Flux.just(
                                        client.fetch(server.url("/" + i)),
                                        client.exchange(FetchRequest.get(server.url("/" + i)), FetchStream::response))
                                .concatMap(EveryByteTest::told)
                                .map(what -> i + ": " + what),
                        8)
                .collectList()
                .map(all -> all.toArray(String[]::new))
                .block(Duration.ofSeconds(60));
    }

    private static Mono<String> told(Mono<FetchResponse> fetch) {
        return fetch.map(response -> response.status() + " " + response.text())
                .onErrorResume(
                        FetchDisconnectedException.class, error -> Mono.just(error.phase() + " " + error.sent()));
    }

    @ParameterizedTest
    @EnumSource
    void ofAResponseThatIsClosed(Framing framing) throws IOException {
        try (FaultServer server = cutting(framing.response, false)) {
            String[] told = each(server, framing.response.length());
            assertThat(told).containsExactly(expected(framing, framing == Framing.CLOSE));
        }
    }

    @ParameterizedTest
    @EnumSource
    void ofAResponseThatIsReset(Framing framing) throws IOException {
        try (FaultServer server = cutting(framing.response, true)) {
            String[] told = each(server, framing.response.length());
            assertThat(told).containsExactly(expected(framing, false));
        }
    }

    /** @param anyEnd whether the end of the connection is that of the body, wherever it comes */
    private static String[] expected(Framing framing, boolean anyEnd) {
        return IntStream.range(0, framing.response.length())
                .boxed()
                .flatMap(i -> {
                    String body =
                            anyEnd ? "200 " + framing.response.substring(Math.min(i, framing.head()), i) : "BODY YES";
                    String what = i + ": " + (i < framing.head() ? "HEADERS MAYBE" : body);
                    return Stream.of(what, what);
                })
                .toArray(String[]::new);
    }

    /** Which of its bytes the server has read, the client cannot know: the error says no more than that. */
    @Test
    void ofARequest() throws IOException {
        int length;
        try (FaultServer server = FaultServer.answering("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")) {
            Await.value(client.fetch(FetchRequest.post(server.url("/"), BODY.getBytes(StandardCharsets.US_ASCII))));
            length = server.requests().get(0).length();
        }
        for (int i = 1; i < length; i++) {
            int read = i;
            try (FaultServer server = new FaultServer(peer -> {
                peer.take(read);
                peer.reset();
            })) {
                String told = Objects.requireNonNull(
                        told(client.fetch(FetchRequest.post(server.url("/"), BODY.getBytes(StandardCharsets.US_ASCII))))
                                .block(Duration.ofSeconds(20)));
                assertThat(told).as("after %d bytes", i).isIn("SEND MAYBE", "HEADERS MAYBE");
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void eachInAPacketOfItsOwnMakesNoDifference(Framing framing) throws IOException {
        try (FaultServer server = new FaultServer(peer -> {
            while (peer.readRequest()) {
                for (char b : framing.response.toCharArray()) {
                    peer.send(String.valueOf(b));
                }
                if (framing == Framing.CLOSE) {
                    return;
                }
            }
        })) {
            for (int i = 0; i < 3; i++) {
                assertThat(told(client.fetch(server.url("/"))).block()).isEqualTo("200 " + BODY);
                assertThat(told(client.exchange(FetchRequest.get(server.url("/")), FetchStream::response))
                                .block())
                        .isEqualTo("200 " + BODY);
            }
        }
    }
}
