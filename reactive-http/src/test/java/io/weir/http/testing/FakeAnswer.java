package io.weir.http.testing;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.weir.http.FetchHeaders;
import io.weir.http.FetchTransport.Reply;
import java.io.IOException;
import java.net.ConnectException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * What a {@link FakeTransport} does with a request. Immutable, and may be given many times; each method returns an answer that
 * differs from this one in what it says, and the later one of two counts.
 */
public final class FakeAnswer {
    private final Mono<Reply> reply;

    private FakeAnswer(Mono<Reply> reply) {
        this.reply = reply;
    }

    /** A response with this status, and no body. */
    public static FakeAnswer status(int status) {
        return new FakeAnswer(Mono.fromSupplier(() -> new Reply(status, FetchHeaders.empty(), Flux.empty())));
    }

    /** A 200 with a text. */
    public static FakeAnswer ok(String text) {
        return status(200).body(text);
    }

    /** No response but this error: an {@link IOException} for what a network would do. */
    public static FakeAnswer failure(Throwable error) {
        return new FakeAnswer(Mono.error(error));
    }

    /** Nobody listens there: the request was certainly not sent. */
    public static FakeAnswer refused() {
        return new FakeAnswer(Mono.error(() -> new ConnectException("Connection refused")));
    }

    /** The connection ends before the response: the request may have been seen. */
    public static FakeAnswer disconnected() {
        return new FakeAnswer(Mono.error(() -> new IOException("Connection reset by peer")));
    }

    /** Nothing at all, for as long as the client waits. */
    public static FakeAnswer silence() {
        return new FakeAnswer(Mono.never());
    }

    /** What this Mono gives, when it gives it: it is subscribed to for each request, and sees the fetch's Context. */
    public static FakeAnswer from(Mono<FakeAnswer> answer) {
        return new FakeAnswer(answer.flatMap(FakeAnswer::reply));
    }

    /** With one more header line. */
    public FakeAnswer header(String name, String value) {
        return new FakeAnswer(
                reply.map(said -> new Reply(said.status(), said.headers().plus(name, value), said.body())));
    }

    /** With this text for a body, in UTF-8. */
    public FakeAnswer body(String text) {
        return body(text.getBytes(StandardCharsets.UTF_8));
    }

    /** With this body. */
    public FakeAnswer body(byte[] bytes) {
        byte[] own = bytes.clone();
        return withBody(
                said -> Mono.fromSupplier(() -> Unpooled.wrappedBuffer(own)).flux());
    }

    /** The headers, or the failure, come so much later. */
    public FakeAnswer after(Duration time) {
        return new FakeAnswer(late(time).then(reply));
    }

    /** The body comes in so many pieces, and each so much later than the one before. */
    public FakeAnswer inPieces(int count, Duration gap) {
        return withBody(said -> said.concatMap(
                buffer -> {
                    byte[] bytes = ByteBufUtil.getBytes(buffer);
                    buffer.release();
                    int size = Math.max(1, (bytes.length + count - 1) / count);
                    return Flux.range(0, (bytes.length + size - 1) / size)
                            .map(i -> Arrays.copyOfRange(bytes, i * size, Math.min(bytes.length, (i + 1) * size)))
                            .concatMap(
                                    piece -> late(gap).then(Mono.fromSupplier(() -> Unpooled.wrappedBuffer(piece))), 0);
                },
                0));
    }

    /** The body ends with an error after so many bytes. */
    public FakeAnswer failingAfter(int bytes, Throwable error) {
        return withBody(said -> Flux.defer(() -> {
            AtomicInteger left = new AtomicInteger(bytes);
            return said.<ByteBuf>handle((buffer, out) -> {
                        int readable = buffer.readableBytes();
                        if (left.addAndGet(-readable) >= 0) {
                            out.next(buffer);
                        } else {
                            byte[] last = ByteBufUtil.getBytes(buffer, buffer.readerIndex(), readable + left.get());
                            buffer.release();
                            out.next(Unpooled.wrappedBuffer(last));
                            out.error(error);
                        }
                    })
                    .concatWith(Mono.error(error));
        }));
    }

    Mono<Reply> reply() {
        return reply;
    }

    private FakeAnswer withBody(UnaryOperator<Flux<ByteBuf>> change) {
        return new FakeAnswer(reply.map(said -> new Reply(said.status(), said.headers(), change.apply(said.body()))));
    }

    /** Deferred, so that the clock is the one of when it is asked for. */
    private static Mono<Void> late(Duration time) {
        return time.isZero() ? Mono.empty() : Mono.defer(() -> Mono.delay(time)).then();
    }
}
