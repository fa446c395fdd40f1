package io.weir.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.net.URI;
import java.util.List;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * A response whose body is still to come: what {@link FetchClient#exchange} hands to its function, and valid until the
 * function's result has come. Its body can be read once, in one of the forms below; whatever the status, it is a response.
 *
 * <p>What goes wrong with the body is an error of the form it is read in: {@link FetchDisconnectedException} and the like for
 * a body that was cut short, {@link FetchContentException} for one that cannot be decoded. Reading it a second time, or after
 * the exchange, is an {@link IllegalStateException}.
 */
public final class FetchStream {
    private static final int LONGEST_LINE = 1 << 20;

    private final Arrived arrived;
    private final StreamedBody body;
    private final FetchHeaders headers;

    FetchStream(Arrived arrived, StreamedBody body) {
        this.arrived = arrived;
        this.body = body;
        this.headers = arrived.headers();
    }

    /**
     * The status code.
     *
     * @return from 200 on; interim responses are not shown
     */
    public int status() {
        return arrived.head().status();
    }

    /**
     * Whether the status is 2xx.
     *
     * @return true from 200 to 299
     */
    public boolean isSuccess() {
        return status() >= 200 && status() < 300;
    }

    /**
     * The headers; without those of the content coding that was undone.
     *
     * @return the headers
     */
    public FetchHeaders headers() {
        return headers;
    }

    /**
     * The first value of a header.
     *
     * @param name the header's name, in any case
     * @return its value, or null where there is none
     */
    public @Nullable String header(String name) {
        return headers().first(name);
    }

    /**
     * Where the response comes from: after redirects, the last of them.
     *
     * @return the final URI
     */
    public URI uri() {
        return arrived.request().uri();
    }

    /**
     * The redirects that led to {@link #uri()}.
     *
     * @return them in order; empty where there was none
     */
    public List<Redirect> redirects() {
        return List.copyOf(arrived.call().redirects().followed());
    }

    /**
     * Makes a status of 400 or more an error: reads its body, within {@code maxBodyBytes}, to put it into the error.
     *
     * @return this response, where its status is less than 400, else {@link FetchStatusException}
     */
    public Mono<FetchStream> requireSuccess() {
        return Mono.defer(() -> status() < 400
                ? Mono.just(this)
                : response().map(FetchResponse::requireSuccess).thenReturn(this));
    }

    /**
     * Emits the body as it comes, in buffers on the heap, none of them empty: a buffer that is not released is the
     * collector's, so no operator that drops one, and no cancel, leaks it.
     *
     * <p>Signals arrive on the event loop. Without demand no more is read from the connection than it has given already.
     * After a cancel the body can not be read on.
     *
     * @return the buffers, each for whoever receives it to keep
     */
    public Flux<ByteBuf> body() {
        return body.asFlux();
    }

    /**
     * The body as it comes, in arrays, as {@link #body()} is in buffers.
     *
     * @return the arrays, none of them empty, each for whoever receives it to keep
     */
    public Flux<byte[]> bytes() {
        return body().map(ByteBufUtil::getBytes);
    }

    /**
     * The lines of the body, of up to 1 Mi characters, as {@link #lines(int)} gives them.
     *
     * @return the lines
     */
    public Flux<String> lines() {
        return lines(LONGEST_LINE);
    }

    /**
     * The lines of the body, without their endings: LF, CR or CRLF, which may be mixed. The last line needs none. The charset
     * is found as {@link FetchResponse#charset()} finds it; what is not valid in it becomes U+FFFD.
     *
     * @param maxLineLength the most characters of a line; one that is longer fails with {@link FetchLimitException}
     * @return the lines
     */
    public Flux<String> lines(int maxLineLength) {
        Limits.positive("maxLineLength", maxLineLength);
        return Flux.defer(() -> {
            TextLines lines = new TextLines(
                    header("Content-Type"),
                    maxLineLength,
                    () -> new FetchLimitException(
                            "maxLineLength", maxLineLength, arrived.attempt().failure(), null));
            return body().concatMapIterable(lines::feed, 1)
                    .concatWith(Flux.defer(() -> Flux.fromIterable(lines.end())));
        });
    }

    /**
     * The whole body as text, within {@code maxBodyBytes}.
     *
     * @return what {@link FetchResponse#text()} gives
     */
    public Mono<String> text() {
        return response().map(FetchResponse::text);
    }

    /**
     * The whole body as JSON, within {@code maxBodyBytes}.
     *
     * @param type what it is
     * @param <T> the type
     * @return what {@link FetchResponse#json(Class)} gives
     */
    public <T> Mono<T> json(Class<T> type) {
        return response().map(response -> response.json(type));
    }

    /**
     * The whole response, its body within {@code maxBodyBytes}.
     *
     * @return what {@link FetchClient#fetch(FetchRequest)} gives
     */
    public Mono<FetchResponse> response() {
        return Mono.defer(() -> arrived.buffered(body(), arrived.contentLength()));
    }

    /** Status and URI without its query. */
    @Override
    public String toString() {
        return status() + " " + arrived.request().target().redacted();
    }
}
