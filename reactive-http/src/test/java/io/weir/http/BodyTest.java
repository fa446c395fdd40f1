package io.weir.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.weir.files.PathNotFoundException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

class BodyTest {
    private final FetchClient client = FetchClient.builder()
            .maxPerHost(1)
            .headersTimeout(Duration.ofSeconds(2))
            .build();
    private final FaultServer echo = new FaultServer(peer -> {
        while (peer.readRequest()) {
            String body = peer.body();
            peer.send("HTTP/1.1 200 OK\r\nContent-Length: " + body.length() + "\r\n\r\n" + body);
        }
    });

    @TempDir
    Path folder;

    @AfterEach
    void leavesNothing() throws IOException {
        Eventually.settled(client);
        client.close();
        echo.close();
        assertThat(client.stats().openSockets()).isZero();
    }

    private static Flux<ByteBuf> pooled(String... texts) {
        return Flux.fromArray(texts).map(BodyTest::buffer);
    }

    private static ByteBuf buffer(String text) {
        ByteBuf buffer = ByteBufAllocator.DEFAULT.directBuffer();
        buffer.writeCharSequence(text, StandardCharsets.UTF_8);
        return buffer;
    }

    private String echoed(FetchBody body) {
        return Await.value(client.fetch(FetchRequest.post(echo.url("/"), body))).text();
    }

    private String lastRequest() {
        return echo.requests().get(echo.requests().size() - 1);
    }

    @Nested
    class Kinds {
        @Test
        void bytesAndText() {
            assertThat(echoed(FetchBody.ofBytes("abc".getBytes(StandardCharsets.UTF_8))))
                    .isEqualTo("abc");
            assertThat(lastRequest())
                    .doesNotContainIgnoringCase("content-type")
                    .containsIgnoringCase("content-length: 3");
            assertThat(echoed(FetchBody.ofString("grün"))).isEqualTo("grün");
            assertThat(lastRequest()).contains("text/plain; charset=UTF-8");
            assertThat(echoed(FetchBody.ofString("grün", StandardCharsets.ISO_8859_1)
                            .contentType("text/x")))
                    .isEqualTo("gr\uFFFDn");
            assertThat(lastRequest()).contains("text/x").doesNotContain("text/plain");
        }

        @Test
        void aForm() {
            Map<String, String> fields = new LinkedHashMap<>();
            fields.put("a b", "1&2");
            fields.put("ü", "=");
            assertThat(echoed(FetchBody.ofForm(fields))).isEqualTo("a+b=1%262&%C3%BC=%3D");
            assertThat(lastRequest()).contains("application/x-www-form-urlencoded");
        }

        @Test
        void theRequestsOwnTypeWins() {
            Await.value(client.fetch(
                    FetchRequest.post(echo.url("/"), FetchBody.ofString("x")).header("Content-Type", "text/mine")));
            assertThat(lastRequest()).contains("text/mine").doesNotContain("text/plain");
        }

        @Test
        void aPublisherInChunks() {
            assertThat(echoed(FetchBody.ofPublisher(pooled("one ", "two ", "three"))))
                    .isEqualTo("one two three");
            assertThat(lastRequest())
                    .containsIgnoringCase("transfer-encoding: chunked")
                    .doesNotContainIgnoringCase("content-length");
        }

        /** The connection comes back to the pool on the stack of the first response's end, and the second request begins there. */
        @Test
        void onAConnectionThatWasJustGivenBackIsSentToItsEnd() {
            Mono<FetchResponse> slow = client.fetch(FetchRequest.post(
                    echo.url("/"),
                    FetchBody.ofPublisher(pooled("one ", "two ", "three").delayElements(Duration.ofMillis(10)))));
            for (int i = 0; i < 20; i++) {
                FetchResponse second =
                        Await.value(Mono.zip(client.fetch(echo.url("/")), slow).map(both -> both.getT2()));
                assertThat(second.text()).isEqualTo("one two three");
            }
        }

        @Test
        void aPublisherOfAKnownLength() {
            assertThat(echoed(FetchBody.ofPublisher(pooled("one ", "two"), 7))).isEqualTo("one two");
            assertThat(lastRequest()).containsIgnoringCase("content-length: 7").doesNotContainIgnoringCase("chunked");
            assertThat(echoed(FetchBody.ofPublisher(Flux.empty(), 0))).isEmpty();
        }

        @Test
        void aFile() throws IOException {
            String text = "line\n".repeat(200_000);
            Path file = Files.writeString(folder.resolve("file"), text);
            assertThat(echoed(FetchBody.ofFile(file))).isEqualTo(text);
            assertThat(lastRequest()).containsIgnoringCase("content-length: 1000000");
        }

        @Test
        void aMultipartForm() throws IOException {
            Path file = Files.writeString(folder.resolve("a\"b.txt"), "content");
            FetchBody body = FetchBody.ofMultipart(
                    FetchPart.of("title", "grün"),
                    FetchPart.file("file", file).contentType("text/plain"),
                    FetchPart.of("streamed", FetchBody.ofPublisher(pooled("x"), 1)));
            String boundary = body.toString().substring(body.toString().indexOf("boundary=") + 9);
            assertThat(body.isRepeatable()).isFalse();
            assertThat(echoed(body).split("\r\n"))
                    .containsExactly(
                            "--" + boundary,
                            "Content-Disposition: form-data; name=\"title\"",
                            "",
                            "grün",
                            "--" + boundary,
                            "Content-Disposition: form-data; name=\"file\"; filename=\"a%22b.txt\"",
                            "Content-Type: text/plain",
                            "",
                            "content",
                            "--" + boundary,
                            "Content-Disposition: form-data; name=\"streamed\"",
                            "",
                            "x",
                            "--" + boundary + "--");
            assertThat(lastRequest()).containsIgnoringCase("content-length:");
        }

        @Test
        void namesThatCouldForgeAPartAreRefused() {
            for (String name : new String[] {"", "a\r\nb", "a\nb", "a\u0000", "a\rb"}) {
                assertThatThrownBy(() -> FetchPart.of(name, "x")).isInstanceOf(FetchRequestException.class);
                assertThatThrownBy(() -> FetchPart.of("a", "x").fileName(name))
                        .isInstanceOf(FetchRequestException.class);
            }
            assertThatThrownBy(() -> FetchPart.of("a", "x").contentType("a\r\nb"))
                    .isInstanceOf(FetchRequestException.class);
        }
    }

    @Nested
    class AWrongLength {
        private void fails(Flux<ByteBuf> content, long length, String message) {
            FetchRequestException error = catchThrowableOfType(
                    FetchRequestException.class,
                    () -> client.fetch(FetchRequest.post(echo.url("/"), FetchBody.ofPublisher(content, length)))
                            .block(Duration.ofSeconds(20)));
            assertThat(error).hasMessageContaining(message);
            assertThat(echo.requests()).isEmpty();
            Eventually.check("closed", () -> client.stats().openSockets() == 0);
        }

        @Test
        void tooShort() {
            fails(pooled("abc"), 4, "3 bytes and not the 4");
        }

        @Test
        void tooLong() {
            fails(pooled("ab", "cde"), 4, "longer than the 4");
        }
    }

    @Nested
    class ASourceThatFails {
        private void failsWith(Throwable expected, Flux<ByteBuf> content) {
            assertThatThrownBy(() -> client.fetch(FetchRequest.post(echo.url("/"), FetchBody.ofPublisher(content)))
                            .block(Duration.ofSeconds(20)))
                    .satisfiesAnyOf(
                            error -> assertThat(error).isSameAs(expected),
                            error -> assertThat(error).hasCause(expected));
            assertThat(echo.requests()).isEmpty();
        }

        @Test
        void atOnce() {
            IOException mine = new IOException("mine");
            failsWith(mine, Flux.error(mine));
        }

        @Test
        void inTheMiddle() {
            IllegalStateException mine = new IllegalStateException("mine");
            failsWith(mine, pooled("abc").concatWith(Mono.error(mine)));
        }

        @Test
        void asTheFileIsNotThere() {
            assertThatThrownBy(() -> echoed(FetchBody.ofFile(folder.resolve("missing"))))
                    .isInstanceOf(PathNotFoundException.class);
        }
    }

    @Nested
    class Sending {
        @Test
        void isCancelledWithTheFetch() {
            AtomicBoolean sending = new AtomicBoolean();
            AtomicBoolean cancelled = new AtomicBoolean();
            FetchBody endless = FetchBody.ofPublisher(pooled("x")
                    .concatWith(Mono.never())
                    .doOnRequest(n -> sending.set(true))
                    .doOnCancel(() -> cancelled.set(true)));
            var fetch = client.fetch(FetchRequest.post(echo.url("/"), endless)).subscribe();
            // Not when the server has the connection, which may be before anybody asks for the body.
            Eventually.check("sending", sending::get);
            fetch.dispose();
            Eventually.check("cancelled", cancelled::get);
            Eventually.check("closed", () -> echo.openNow() == 0);
        }

        @Test
        void thatTakesLongIsNotWaitingForHeaders() {
            Flux<ByteBuf> slow = Flux.range(0, 5)
                    .concatMap(i -> Mono.delay(Duration.ofMillis(60)).map(t -> buffer("x")));
            try (FetchClient hasty =
                    FetchClient.builder().headersTimeout(Duration.ofMillis(200)).build()) {
                assertThat(Await.value(hasty.fetch(FetchRequest.post(echo.url("/"), FetchBody.ofPublisher(slow))))
                                .text())
                        .isEqualTo("xxxxx");
            }
        }

        @Test
        void takesNoMoreThanTheConnectionDoes() throws IOException {
            AtomicInteger taken = new AtomicInteger();
            Flux<ByteBuf> much = Flux.generate(sink -> {
                taken.incrementAndGet();
                sink.next(buffer("x".repeat(64 * 1024)));
            });
            try (FaultServer deaf = new FaultServer(FaultServer.Peer::sleep)) {
                var fetch = client.fetch(FetchRequest.post(deaf.url("/"), FetchBody.ofPublisher(much)))
                        .subscribe();
                Eventually.check("some is sent", () -> taken.get() > 0);
                int before;
                do {
                    before = taken.get();
                    Mono.delay(Duration.ofMillis(100)).block();
                } while (taken.get() != before);
                assertThat(before).isLessThan(1000);
                fetch.dispose();
            }
        }

        @Test
        void endsWithAnEarlyAnswer() throws IOException {
            AtomicBoolean cancelled = new AtomicBoolean();
            try (FaultServer refusing = new FaultServer(peer -> {
                peer.readHead();
                peer.send("HTTP/1.1 413 Too Large\r\nContent-Length: 2\r\n\r\nno");
                peer.hold();
            })) {
                FetchBody endless = FetchBody.ofPublisher(
                        pooled("x").concatWith(Mono.never()).doOnCancel(() -> cancelled.set(true)));
                FetchResponse response = Await.value(client.fetch(FetchRequest.post(refusing.url("/"), endless)));
                assertThat(response.status()).isEqualTo(413);
                assertThat(response.text()).isEqualTo("no");
                Eventually.check("cancelled", cancelled::get);
                Eventually.check("closed", () -> client.stats().openSockets() == 0);
            }
        }

        @Test
        void thatFailsDoesNotLoseAnAnswerThatIsThere() throws IOException {
            try (FaultServer refusing = new FaultServer(peer -> {
                peer.readHead();
                peer.send("HTTP/1.1 413 Too Large\r\nContent-Length: 2\r\nConnection: close\r\n\r\nno");
            })) {
                for (int i = 0; i < 30; i++) {
                    Flux<ByteBuf> much = Flux.<ByteBuf>generate(sink -> sink.next(buffer("x".repeat(16 * 1024))))
                            .take(2000);
                    FetchResponse response = Await.value(
                            client.fetch(FetchRequest.post(refusing.url("/"), FetchBody.ofPublisher(much))));
                    assertThat(response.status()).isEqualTo(413);
                }
            }
        }

        @Test
        void waitsForTheServerWhereItIsExpected() throws IOException {
            try (FaultServer asked = new FaultServer(peer -> {
                peer.readHead();
                peer.send("HTTP/1.1 100 Continue\r\n\r\n");
                peer.readRest();
                peer.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
                peer.readHead();
                peer.send("HTTP/1.1 417 Expectation Failed\r\nContent-Length: 0\r\n\r\n");
                peer.hold();
            })) {
                AtomicInteger sent = new AtomicInteger();
                Flux<ByteBuf> content = pooled("body").doOnSubscribe(s -> sent.incrementAndGet());
                FetchRequest request = FetchRequest.post(
                        asked.url("/"), FetchBody.ofPublisher(content, 4).expectContinue());
                assertThat(Await.value(client.fetch(request)).text()).isEqualTo("ok");
                assertThat(asked.requests().get(0)).containsIgnoringCase("expect: 100-continue");
                assertThat(sent).hasValue(1);
                assertThat(Await.value(client.fetch(request)).status()).isEqualTo(417);
                assertThat(sent).hasValue(1);
            }
        }
    }

    @Nested
    class Again {
        private final FaultServer moving = new FaultServer(peer -> {
            while (peer.readRequest()) {
                peer.send(
                        peer.path().equals("/")
                                ? "HTTP/1.1 307 Temporary Redirect\r\nLocation: /there\r\nContent-Length: 0\r\n\r\n"
                                : "HTTP/1.1 200 OK\r\nContent-Length: "
                                        + peer.body().length() + "\r\n\r\n" + peer.body());
            }
        });

        @AfterEach
        void close() throws IOException {
            moving.close();
        }

        @Test
        void aRepeatableBodyFollowsARedirect() throws IOException {
            Path file = Files.writeString(folder.resolve("file"), "content");
            for (FetchBody body : new FetchBody[] {
                FetchBody.ofFile(file),
                FetchBody.ofString("content"),
                FetchBody.ofPublisher(pooled("content")).repeatable()
            }) {
                assertThat(Await.value(client.fetch(FetchRequest.post(moving.url("/"), body)))
                                .text())
                        .isEqualTo("content");
            }
        }

        @Test
        void oneThatIsNotIsRefused() {
            FetchRedirectException error = catchThrowableOfType(
                    FetchRedirectException.class,
                    () -> client.fetch(FetchRequest.post(moving.url("/"), FetchBody.ofPublisher(pooled("content"))))
                            .block(Duration.ofSeconds(20)));
            assertThat(error.reason()).isEqualTo(FetchRedirectException.Reason.REFUSED);
        }
    }
}
