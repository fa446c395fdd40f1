package io.weir.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.aayushatharva.brotli4j.encoder.Encoder;
import com.github.luben.zstd.Zstd;
import io.weir.http.FetchContentException.Reason;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import java.util.function.Consumer;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Mono;

/** Bodies with a content coding, fetched whole and as a stream. */
class DecodingTest {
    private static final byte[] TEXT = text(200_000);

    private final FetchClient client = FetchClient.builder().maxPerHost(1).build();

    @AfterEach
    void leavesNothing() {
        Eventually.settled(client);
        client.close();
        assertThat(client.stats().openSockets()).isZero();
    }

    enum Coding {
        gzip,
        br,
        zstd;

        byte[] encode(byte[] plain) throws IOException {
            return switch (this) {
                case gzip -> zip(plain);
                case zstd -> Zstd.compress(plain);
                case br -> {
                    Await.value(Codings.loading());
                    yield Encoder.compress(plain);
                }
            };
        }
    }

    private static byte[] zip(byte[] plain) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
            gzip.write(plain);
        }
        return out.toByteArray();
    }

    /** Compresses, but not without end. */
    private static byte[] text(int length) {
        byte[] text = new byte[length];
        Random random = new Random(1);
        for (int i = 0; i < length; i++) {
            text[i] = (byte) ('a' + random.nextInt(4));
        }
        return text;
    }

    private static String latin1(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    private static FaultServer serving(String coding, byte[] body) {
        return FaultServer.answering("HTTP/1.1 200 OK\r\nContent-Encoding: " + coding + "\r\nContent-Length: "
                + body.length + "\r\n\r\n" + latin1(body));
    }

    private void both(FetchRequest request, Consumer<Mono<FetchResponse>> check) {
        check.accept(client.fetch(request));
        check.accept(client.exchange(request, FetchStream::response));
    }

    private void fails(FaultServer server, Reason reason) {
        both(FetchRequest.get(server.url("/")), fetch -> {
            FetchContentException error =
                    catchThrowableOfType(FetchContentException.class, () -> fetch.block(Duration.ofSeconds(20)));
            assertThat(error.reason()).isEqualTo(reason);
            assertThat(error.isTransient()).isEqualTo(reason == Reason.TRUNCATED);
            assertThat(error.host()).isEqualTo("127.0.0.1:" + server.port());
            Eventually.settled(client);
        });
    }

    @ParameterizedTest
    @EnumSource
    void codingsAreUndone(Coding coding) throws IOException {
        try (FaultServer server = serving(coding.name(), coding.encode(TEXT))) {
            both(FetchRequest.get(server.url("/")), fetch -> {
                FetchResponse response = Await.value(fetch);
                assertThat(response.bytes()).isEqualTo(TEXT);
                assertThat(response.headers().contains("Content-Encoding")).isFalse();
                assertThat(response.headers().contains("Content-Length")).isFalse();
            });
            assertThat(server.requests().get(0)).containsIgnoringCase("accept-encoding: gzip, br, zstd\r\n");
            assertThat(server.accepted()).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @EnumSource
    void aByteAtATimeGivesTheSame(Coding coding) throws IOException {
        byte[] plain = Arrays.copyOf(TEXT, 300);
        byte[] coded = coding.encode(plain);
        BodyDecoder decoder = new BoundedDecoder(decoder(coding), 100, Failure::ofRequest);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (byte b : coded) {
            decoder.feed(new byte[] {b});
            for (byte[] piece = decoder.poll(); piece != null; piece = decoder.poll()) {
                out.write(piece);
            }
        }
        decoder.end();
        decoder.close();
        assertThat(out.toByteArray()).isEqualTo(plain);
    }

    @ParameterizedTest
    @EnumSource
    void aBodyThatEndsTooEarlyIsAnErrorAtEachByte(Coding coding) throws IOException {
        byte[] coded = coding.encode(Arrays.copyOf(TEXT, 300));
        for (int length = 1; length < coded.length; length++) {
            BodyDecoder decoder = new BoundedDecoder(decoder(coding), 100, Failure::ofRequest);
            decoder.feed(Arrays.copyOf(coded, length));
            while (decoder.poll() != null) {
                // What there is of it is given.
            }
            FetchContentException error = catchThrowableOfType(FetchContentException.class, decoder::end);
            decoder.close();
            assertThat(error).as("of %s bytes %s", coded.length, length).isNotNull();
            assertThat(error.reason()).isEqualTo(Reason.TRUNCATED);
        }
    }

    private static BodyDecoder decoder(Coding coding) {
        Await.value(Codings.loading());
        return Codings.decoder(coding.name());
    }

    @ParameterizedTest
    @EnumSource
    void aBodyThatEndsTooEarlyFailsTheFetch(Coding coding) throws IOException {
        byte[] coded = coding.encode(TEXT);
        try (FaultServer server = serving(coding.name(), Arrays.copyOf(coded, coded.length - 3))) {
            fails(server, Reason.TRUNCATED);
        }
    }

    @ParameterizedTest
    @EnumSource
    void garbageFailsTheFetch(Coding coding) throws IOException {
        try (FaultServer server =
                serving(coding.name(), "this is no coding at all".getBytes(StandardCharsets.US_ASCII))) {
            fails(server, Reason.MALFORMED);
        }
    }

    @ParameterizedTest
    @EnumSource
    void whatFollowsTheEndFailsTheFetch(Coding coding) throws IOException {
        byte[] coded = coding.encode(TEXT);
        byte[] more = Arrays.copyOf(coded, coded.length + 20);
        Arrays.fill(more, coded.length, more.length, (byte) 'x');
        try (FaultServer server = serving(coding.name(), more)) {
            fails(server, Reason.MALFORMED);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {8, 4})
    void aWrongChecksumOrLengthFailsTheFetch(int fromTheEnd) throws IOException {
        byte[] coded = zip(TEXT);
        coded[coded.length - fromTheEnd]++;
        try (FaultServer server = serving("gzip", coded)) {
            fails(server, Reason.MALFORMED);
        }
    }

    @Test
    void gzipMayHaveSeveralMembersAndAllHeaderFields() throws IOException {
        byte[] plain = "hello".getBytes(StandardCharsets.US_ASCII);
        byte[] simple = zip(plain);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(simple);
        out.write(simple, 0, 3);
        out.write(2 | 4 | 8 | 16);
        out.write(simple, 4, 6);
        out.write(new byte[] {3, 0, 1, 2, 3, 'n', 0, 'c', 'c', 0, 7, 7});
        out.write(simple, 10, simple.length - 10);
        try (FaultServer server = serving("X-GZip", out.toByteArray())) {
            both(FetchRequest.get(server.url("/")), fetch -> {
                assertThat(Await.value(fetch).text()).isEqualTo("hellohello");
            });
        }
    }

    @Test
    void whatNamesNoCodingHasNone() throws IOException {
        for (String coding : new String[] {"identity", "none"}) {
            try (FaultServer server = serving(coding, "plain".getBytes(StandardCharsets.US_ASCII))) {
                both(FetchRequest.get(server.url("/")), fetch -> {
                    assertThat(Await.value(fetch).text()).isEqualTo("plain");
                });
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "'gzip, gzip', SEVERAL_CODINGS",
        "'br,identity,gzip', SEVERAL_CODINGS",
        "lzma, UNKNOWN_CODING",
        "deflate, UNKNOWN_CODING"
    })
    void whatIsNotUndoneIsRefused(String coding, Reason reason) throws IOException {
        try (FaultServer server = serving(coding, new byte[10])) {
            fails(server, reason);
        }
    }

    @ParameterizedTest
    @EnumSource
    void aBombIsDefused(Coding coding) throws IOException {
        byte[] bomb = coding.encode(new byte[64 << 20]);
        try (FaultServer server = serving(coding.name(), bomb)) {
            both(FetchRequest.get(server.url("/")).maxBodyBytes(1 << 30), fetch -> {
                FetchLimitException error =
                        catchThrowableOfType(FetchLimitException.class, () -> fetch.block(Duration.ofSeconds(20)));
                assertThat(error.setting()).isEqualTo("maxExpansion");
                assertThat(error.limit()).isEqualTo(100);
            });
        }
    }

    @Test
    void theBodyLimitCountsWhatIsDecoded() throws IOException {
        try (FaultServer server = serving("gzip", zip(TEXT))) {
            both(FetchRequest.get(server.url("/")).maxBodyBytes(TEXT.length - 1), fetch -> {
                FetchLimitException error =
                        catchThrowableOfType(FetchLimitException.class, () -> fetch.block(Duration.ofSeconds(20)));
                assertThat(error.setting()).isEqualTo("maxBodyBytes");
            });
            assertThat(Await.value(client.fetch(
                                    FetchRequest.get(server.url("/")).maxBodyBytes(TEXT.length)))
                            .bytes())
                    .isEqualTo(TEXT);
        }
    }

    @Test
    void oneWhoWantsItRawGetsItRaw() throws IOException {
        byte[] coded = zip(TEXT);
        try (FaultServer server = serving("gzip", coded)) {
            both(FetchRequest.get(server.url("/")).decode(false), fetch -> {
                FetchResponse response = Await.value(fetch);
                assertThat(response.bytes()).isEqualTo(coded);
                assertThat(response.header("Content-Encoding")).isEqualTo("gzip");
            });
            assertThat(server.requests().get(0)).containsIgnoringCase("accept-encoding: identity\r\n");
            Await.value(client.fetch(FetchRequest.get(server.url("/")).header("Range", "bytes=0-")));
            assertThat(server.requests().get(2)).containsIgnoringCase("accept-encoding: identity\r\n");
        }
    }

    @ParameterizedTest
    @CsvSource({"GET, 204", "GET, 304", "HEAD, 200"})
    void whatHasNoBodyHasNoCoding(String method, int status) throws IOException {
        try (FaultServer server =
                FaultServer.answering("HTTP/1.1 " + status + " X\r\nContent-Encoding: lzma\r\n\r\n")) {
            both(FetchRequest.of(method, server.url("/")), fetch -> {
                FetchResponse response = Await.value(fetch);
                assertThat(response.bytes()).isEmpty();
                assertThat(response.header("Content-Encoding")).isEqualTo("lzma");
            });
        }
    }

    @ParameterizedTest
    @EnumSource
    void noBytesAtAllAreAnEmptyBody(Coding coding) throws IOException {
        try (FaultServer server = serving(coding.name(), new byte[0])) {
            both(FetchRequest.get(server.url("/")), fetch -> {
                assertThat(Await.value(fetch).bytes()).isEmpty();
            });
        }
    }

    @Test
    void whatWasNotReadOfACodedBodyIsFreed() throws IOException {
        try (FaultServer server = serving("gzip", zip(TEXT))) {
            for (int i = 0; i < 20; i++) {
                Await.value(client.exchange(
                        FetchRequest.get(server.url("/")),
                        stream -> stream.body().next()));
            }
        }
    }
}
