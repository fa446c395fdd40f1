package io.weir.http.testing;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.weir.http.FetchHeaders;
import io.weir.http.FetchTransport.Reply;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** What a {@link FakeTransport} does with one request. Immutable: each method that sets something gives a new answer. */
public final class FakeAnswer {
    private final int status;
    private final FetchHeaders headers;
    private final byte[] body;
    private final Duration delay;
    private final int pieces;
    private final Duration gap;
    private final @Nullable Throwable failure;
    private final int failsAfter;

    private FakeAnswer(
            int status,
            FetchHeaders headers,
            byte[] body,
            Duration delay,
            int pieces,
            Duration gap,
            @Nullable Throwable failure,
            int failsAfter) {
        this.status = status;
        this.headers = headers;
        this.body = body;
        this.delay = delay;
        this.pieces = pieces;
        this.gap = gap;
        this.failure = failure;
        this.failsAfter = failsAfter;
    }

    /** A response with this status, and no body. */
    public static FakeAnswer status(int status) {
        return new FakeAnswer(
                status, FetchHeaders.empty(), new byte[0], Duration.ZERO, 1, Duration.ZERO, null, Integer.MAX_VALUE);
    }

    /** A 200 with a text. */
    public static FakeAnswer ok(String text) {
        return status(200).body(text);
    }

    /** No response but this error: an {@link java.io.IOException} for what a network would do. */
    public static FakeAnswer failure(Throwable error) {
        return new FakeAnswer(0, FetchHeaders.empty(), new byte[0], Duration.ZERO, 1, Duration.ZERO, error, -1);
    }

    /** Nothing at all, for as long as the client waits. */
    public static FakeAnswer silence() {
        return status(200).after(Duration.ofNanos(Long.MAX_VALUE));
    }

    public FakeAnswer header(String name, String value) {
        return new FakeAnswer(status, headers.plus(name, value), body, delay, pieces, gap, failure, failsAfter);
    }

    public FakeAnswer body(String text) {
        return body(text.getBytes(StandardCharsets.UTF_8));
    }

    public FakeAnswer body(byte[] bytes) {
        return new FakeAnswer(status, headers, bytes, delay, pieces, gap, failure, failsAfter);
    }

    /** Waits before the headers, or the failure, come. */
    public FakeAnswer after(Duration time) {
        return new FakeAnswer(status, headers, body, time, pieces, gap, failure, failsAfter);
    }

    /** Sends the body in so many pieces, and waits before each. */
    public FakeAnswer inPieces(int count, Duration before) {
        return new FakeAnswer(status, headers, body, delay, count, before, failure, failsAfter);
    }

    /** Ends the body with an error after so many bytes. */
    public FakeAnswer failingAfter(int bytes, Throwable error) {
        return new FakeAnswer(status, headers, body, delay, pieces, gap, error, bytes);
    }

    Mono<Reply> reply() {
        Mono<Reply> reply = failure != null && failsAfter < 0
                ? Mono.error(failure)
                : Mono.fromSupplier(() -> new Reply(status, headers, content()));
        return delay.isZero() ? reply : Mono.delay(delay).then(reply);
    }

    private Flux<ByteBuf> content() {
        int length = Math.min(body.length, failsAfter);
        int size = Math.max(1, (length + pieces - 1) / pieces);
        Flux<ByteBuf> content = Flux.range(0, (length + size - 1) / size)
                .concatMap(
                        piece -> later(Arrays.copyOfRange(body, piece * size, Math.min(length, (piece + 1) * size))),
                        0);
        return failure == null ? content : content.concatWith(Mono.error(failure));
    }

    private Mono<ByteBuf> later(byte[] piece) {
        Mono<ByteBuf> buffer = Mono.fromSupplier(() -> Unpooled.wrappedBuffer(piece));
        return gap.isZero() ? buffer : Mono.delay(gap).then(buffer);
    }
}
