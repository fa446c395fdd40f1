package io.weir.http;

import io.weir.http.FetchContentException.Reason;
import java.net.URI;
import java.nio.charset.Charset;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A complete response: status, headers and the whole body. Whatever the status, it is a response. */
public final class FetchResponse {
    private final int status;
    private final Target target;
    private final List<Redirect> redirects;
    private final FetchHeaders headers;
    private final byte[] body;
    private final Duration elapsed;
    private final Duration waited;

    FetchResponse(
            int status,
            Target target,
            List<Redirect> redirects,
            FetchHeaders headers,
            byte[] body,
            Duration elapsed,
            Duration waited) {
        this.status = status;
        this.target = target;
        this.redirects = List.copyOf(redirects);
        this.headers = headers;
        this.body = body;
        this.elapsed = elapsed;
        this.waited = waited;
    }

    /**
     * The status code.
     *
     * @return from 200 on; interim responses are not shown
     */
    public int status() {
        return status;
    }

    /**
     * Whether the status is 2xx.
     *
     * @return true from 200 to 299
     */
    public boolean isSuccess() {
        return status >= 200 && status < 300;
    }

    /**
     * Makes a status of 400 or more an error.
     *
     * @return this response, where its status is less than 400
     * @throws FetchStatusException with this response, where it is not
     */
    public FetchResponse requireSuccess() {
        if (status >= 400) {
            throw new FetchStatusException(this, failure());
        }
        return this;
    }

    FetchContentException notJson(String why, @Nullable Throwable cause) {
        return new FetchContentException("not the JSON that was asked for: " + why, Reason.NOT_JSON, failure(), cause);
    }

    private Failure failure() {
        return new Failure(FetchPhase.DONE, target.hostAndPort(), target.redacted(), Sent.YES, elapsed.plus(waited));
    }

    /**
     * Where the response came from: after redirects, the last of them.
     *
     * @return the final URI
     */
    public URI uri() {
        return target.uri();
    }

    /**
     * The redirects that led to {@link #uri()}.
     *
     * @return them in order; empty where there was none
     */
    public List<Redirect> redirects() {
        return redirects;
    }

    /**
     * The headers, of the final response; without those of the content coding that was undone.
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
        return headers.first(name);
    }

    /**
     * The {@code Content-Type} as it was sent.
     *
     * @return media type and parameters, or null where there is none
     */
    public @Nullable String contentType() {
        return headers.first("Content-Type");
    }

    /**
     * The body, its content coding undone.
     *
     * @return all bytes of it, not copied: who changes them changes this response
     */
    public byte[] bytes() {
        return body;
    }

    /**
     * The body as text, in {@link #charset()}; what is not valid in it becomes U+FFFD. A byte order mark is left out.
     *
     * @return the text; never fails
     */
    public String text() {
        return BodyText.decode(body, charset());
    }

    /**
     * The body as JSON, by Jackson 3; properties the type does not have are left out.
     *
     * @param type a record, bean, map or whatever else Jackson reads
     * @param <T> the type
     * @return the value
     * @throws FetchContentException if the body is no JSON, or not of the type, or null
     * @throws IllegalStateException if {@code tools.jackson.core:jackson-databind} is not on the class path
     */
    public <T> T json(Class<T> type) {
        return Json.read(this, type);
    }

    /**
     * The body as a JSON array, as {@link #json(Class)} reads its elements.
     *
     * @param type what the elements are
     * @param <T> the type
     * @return the values in order
     * @throws FetchContentException if the body is no JSON array, or its elements are not of the type
     * @throws IllegalStateException if {@code tools.jackson.core:jackson-databind} is not on the class path
     */
    public <T> List<T> jsonList(Class<T> type) {
        return Json.readList(this, type);
    }

    /**
     * The charset that {@link #text()} uses: the one of the {@code Content-Type}, else that of a byte order mark, else for
     * HTML the one that a {@code meta} element within its first 1024 bytes names, else UTF-8. A name that is no charset, or
     * none this JVM has, counts as absent.
     *
     * @return the charset
     */
    public Charset charset() {
        return BodyText.charset(contentType(), body);
    }

    /**
     * How long the fetch took: from the first permit of the gate to the last byte, over all redirects, without the time it
     * waited at the gate.
     *
     * @return the time that servers and network took
     */
    public Duration elapsed() {
        return elapsed;
    }

    /**
     * How long the fetch waited at the client's gate, over all redirects.
     *
     * @return the time in {@link FetchPhase#QUEUE}
     */
    public Duration waited() {
        return waited;
    }

    /** Status, URI without its query, and the body's length. */
    @Override
    public String toString() {
        return status + " " + target.redacted() + " (" + body.length + " bytes)";
    }
}
