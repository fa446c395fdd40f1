package io.weir.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.weir.core.offload.Offload;
import io.weir.files.AsyncFiles;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * The body of a request. Immutable: each method that sets something gives a new body.
 *
 * <pre>{@code
 * FetchRequest upload = FetchRequest.of("POST", url)
 *         .body(FetchBody.ofMultipart(
 *                 FetchPart.of("title", "The weir"), FetchPart.file("image", picture).contentType("image/png")));
 * }</pre>
 *
 * <p>A body that can be sent again is sent again where the request is: for a redirect that keeps it (307, 308) and for a
 * repetition. With one that cannot, such a redirect is an error, and there is no repetition.
 *
 * <p>A body whose length is known is sent with {@code Content-Length}, else in chunks. One that turns out to be shorter or
 * longer than it said fails the fetch with {@link FetchRequestException}, and its connection is closed: the server sees a
 * request that is cut short, never one with a wrong end. What a body's source fails with is the error of the fetch. A
 * response that comes before the body was sent in full ends the sending, and its connection is closed after it.
 */
public final class FetchBody {
    /** The whole of it, where it is in memory. */
    private final byte @Nullable [] bytes;

    private final Mono<Long> length;
    private final Flux<ByteBuf> content;
    private final boolean repeatable;
    private final @Nullable String contentType;
    private final boolean expectsContinue;

    private FetchBody(
            byte @Nullable [] bytes,
            Mono<Long> length,
            Flux<ByteBuf> content,
            boolean repeatable,
            @Nullable String contentType,
            boolean expectsContinue) {
        this.bytes = bytes;
        this.length = length;
        this.content = content;
        this.repeatable = repeatable;
        this.contentType = contentType;
        this.expectsContinue = expectsContinue;
    }

    /**
     * Bytes in memory.
     *
     * @param bytes what to send; not copied, so it must not change
     * @return the body
     */
    public static FetchBody ofBytes(byte[] bytes) {
        return inMemory(Objects.requireNonNull(bytes, "bytes"), null);
    }

    /**
     * A text in UTF-8, as {@code text/plain}.
     *
     * @param text what to send
     * @return the body
     */
    public static FetchBody ofString(String text) {
        return ofString(text, StandardCharsets.UTF_8);
    }

    /**
     * A text, as {@code text/plain}.
     *
     * @param text what to send
     * @param charset how to encode it; told to the server
     * @return the body
     */
    public static FetchBody ofString(String text, Charset charset) {
        return inMemory(text.getBytes(charset), "text/plain; charset=" + charset.name());
    }

    /**
     * A value as JSON, by Jackson 3, written at once: later changes of the value are not sent.
     *
     * @param value a record, bean, map, list or whatever else Jackson writes
     * @return the body
     * @throws FetchRequestException if it cannot be written
     * @throws IllegalStateException if {@code tools.jackson.core:jackson-databind} is not on the class path
     */
    public static FetchBody ofJson(@Nullable Object value) {
        return inMemory(Json.write(value), "application/json");
    }

    /**
     * A form, as {@code application/x-www-form-urlencoded} in UTF-8.
     *
     * @param fields names and values, sent in the map's order
     * @return the body
     */
    public static FetchBody ofForm(Map<String, String> fields) {
        String form = fields.entrySet().stream()
                .map(field -> encode(field.getKey()) + "=" + encode(field.getValue()))
                .collect(Collectors.joining("&"));
        return inMemory(form.getBytes(StandardCharsets.US_ASCII), "application/x-www-form-urlencoded");
    }

    /**
     * A form with files, as {@code multipart/form-data}. Its length is known where that of every part is, and it can be sent
     * again where every part can.
     *
     * @param parts the parts, sent in this order
     * @return the body
     */
    public static FetchBody ofMultipart(FetchPart... parts) {
        return Multipart.of(List.of(parts));
    }

    /**
     * What a publisher emits, sent in chunks as it comes and as the connection takes it. Subscribed to when there is a
     * connection, once for each sending; each buffer is released when it was sent. Cannot be sent again unless it is
     * {@link #repeatable()}.
     *
     * @param content what to send; owned by the client from when it is emitted
     * @return the body
     */
    public static FetchBody ofPublisher(Publisher<? extends ByteBuf> content) {
        return ofPublisher(content, -1);
    }

    /**
     * What a publisher emits, of a known length.
     *
     * @param content what to send, as for {@link #ofPublisher(Publisher)}
     * @param length the sum of all buffers' bytes; negative where it is not known
     * @return the body
     */
    public static FetchBody ofPublisher(Publisher<? extends ByteBuf> content, long length) {
        Objects.requireNonNull(content, "content");
        return streamed(Mono.just(length), Flux.from(content), false, null);
    }

    /**
     * A file, read as it is sent. Its length is looked up when the request is sent. Can be sent again. Errors of the file are
     * {@link io.weir.files.FileException}s.
     *
     * @param path the file
     * @return the body
     */
    public static FetchBody ofFile(Path path) {
        Objects.requireNonNull(path, "path");
        // Where it cannot be told, to read it says better why.
        Mono<Long> length = Offload.blocking(() -> Files.size(path)).onErrorReturn(IOException.class, -1L);
        return streamed(length, AsyncFiles.read(path), true, null);
    }

    static FetchBody inMemory(byte[] bytes, @Nullable String contentType) {
        Flux<ByteBuf> content = Flux.defer(() -> Flux.just(Unpooled.wrappedBuffer(bytes)));
        return new FetchBody(bytes, Mono.just((long) bytes.length), content, true, contentType, false);
    }

    static FetchBody streamed(
            Mono<Long> length, Flux<? extends ByteBuf> content, boolean repeatable, @Nullable String contentType) {
        return new FetchBody(null, length, content.cast(ByteBuf.class), repeatable, contentType, false);
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    /**
     * Sets what the body is, where the request has no {@code Content-Type} of its own.
     *
     * @param type media type and parameters
     * @return the body of this type
     * @throws FetchRequestException if it cannot be sent
     */
    public FetchBody contentType(String type) {
        FetchHeaders.empty().plus("Content-Type", type);
        return new FetchBody(bytes, length, content, repeatable, type, expectsContinue);
    }

    /**
     * Says that the publisher emits the same whenever it is subscribed to, so that the body can be sent again.
     *
     * @return the body, which can be sent again
     */
    public FetchBody repeatable() {
        return new FetchBody(bytes, length, content, true, contentType, expectsContinue);
    }

    /**
     * Sends {@code Expect: 100-continue}, and the body only when the server wants it, or has said nothing for a second: for
     * large bodies that may be refused.
     *
     * @return the body, which waits
     */
    public FetchBody expectContinue() {
        return new FetchBody(bytes, length, content, repeatable, contentType, true);
    }

    /**
     * Whether the body can be sent more than once.
     *
     * @return false only for a publisher that is not {@link #repeatable()}, or a form that has one
     */
    public boolean isRepeatable() {
        return repeatable;
    }

    /**
     * What is sent, anew for each subscription where the body is repeatable.
     *
     * @return the buffers, each to be released by whoever receives it
     */
    public Flux<ByteBuf> content() {
        return content;
    }

    byte @Nullable [] bytes() {
        return bytes;
    }

    @Nullable
    String contentType() {
        return contentType;
    }

    boolean expectsContinue() {
        return expectsContinue;
    }

    /** Looked up anew each time; negative where it is not known. */
    Mono<Long> length() {
        return length;
    }

    /** All of it, of exactly this length where that is not negative. */
    Flux<ByteBuf> content(long exactly) {
        return exactly < 0 ? content : Flux.defer(() -> new Counted(exactly).check(content));
    }

    /** Its kind and nothing of what is in it. */
    @Override
    public String toString() {
        return contentType == null ? "body" : contentType;
    }
}
