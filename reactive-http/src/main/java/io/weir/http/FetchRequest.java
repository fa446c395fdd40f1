package io.weir.http;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What to fetch. Immutable: each method that sets something gives a new request.
 *
 * <pre>{@code
 * FetchRequest request = FetchRequest.get("https://example.com/a")
 *         .header("Accept", "text/html")
 *         .timeout(Duration.ofSeconds(5));
 * }</pre>
 *
 * <p>Checked when made, not when sent: a URL, method or header that cannot be sent throws {@link FetchRequestException}.
 * CR, LF and NUL are refused everywhere. A URL must be http or https; one with user information is refused, as it would
 * find its way into logs: set an {@code Authorization} header. A fragment is dropped. Characters that a URL may not hold are
 * percent-encoded in path and query.
 *
 * <p>Sent with every request unless set: {@code User-Agent}, {@code Accept} and {@code Accept-Encoding}, which names gzip, and
 * br and zstd where brotli4j and zstd-jni are on the class path; with a {@code Range}, which is one of the bytes as sent, it
 * is {@code identity}. {@code Host} may be set; headers that frame the message or the connection may not.
 */
public final class FetchRequest {
    private static final Set<String> OURS = Set.of(
            "connection",
            "content-length",
            "expect",
            "keep-alive",
            "proxy-connection",
            "te",
            "trailer",
            "transfer-encoding",
            "upgrade");

    private final String method;
    private final Target target;
    private final FetchHeaders headers;
    private final @Nullable FetchBody body;
    private final @Nullable Duration timeout;
    private final long maxBodyBytes;
    private final @Nullable RedirectPolicy redirects;
    private final @Nullable RetryPolicy retry;
    private final boolean decode;

    private FetchRequest(
            String method,
            Target target,
            FetchHeaders headers,
            @Nullable FetchBody body,
            @Nullable Duration timeout,
            long maxBodyBytes,
            @Nullable RedirectPolicy redirects,
            @Nullable RetryPolicy retry,
            boolean decode) {
        this.method = method;
        this.target = target;
        this.headers = headers;
        this.body = body;
        this.timeout = timeout;
        this.maxBodyBytes = maxBodyBytes;
        this.redirects = redirects;
        this.retry = retry;
        this.decode = decode;
    }

    /**
     * A GET.
     *
     * @param url an absolute http or https URL
     * @return the request
     * @throws FetchRequestException if the URL is not one that can be fetched
     */
    public static FetchRequest get(String url) {
        return of("GET", url);
    }

    /**
     * A GET.
     *
     * @param uri an absolute http or https URI
     * @return the request
     * @throws FetchRequestException if the URI is not one that can be fetched
     */
    public static FetchRequest get(URI uri) {
        return of("GET", uri.toString());
    }

    /**
     * A HEAD: the response has headers and no body.
     *
     * @param url an absolute http or https URL
     * @return the request
     * @throws FetchRequestException if the URL is not one that can be fetched
     */
    public static FetchRequest head(String url) {
        return of("HEAD", url);
    }

    /**
     * A POST.
     *
     * @param url an absolute http or https URL
     * @param body what to send; not copied, so it must not change
     * @return the request
     * @throws FetchRequestException if the URL is not one that can be fetched
     */
    public static FetchRequest post(String url, byte[] body) {
        return of("POST", url).body(body);
    }

    /**
     * A POST.
     *
     * @param url an absolute http or https URL
     * @param body what to send
     * @return the request
     * @throws FetchRequestException if the URL is not one that can be fetched
     */
    public static FetchRequest post(String url, FetchBody body) {
        return of("POST", url).body(body);
    }

    /**
     * A request with any method but CONNECT.
     *
     * @param method the method, case-sensitive
     * @param url an absolute http or https URL
     * @return the request
     * @throws FetchRequestException if the method or the URL is not one that can be sent
     */
    public static FetchRequest of(String method, String url) {
        if (!FetchHeaders.isToken(method) || method.equalsIgnoreCase("CONNECT")) {
            throw new FetchRequestException("the method is CONNECT or has a character that is not allowed in one");
        }
        return new FetchRequest(method, Target.parse(url), FetchHeaders.empty(), null, null, -1, null, null, true);
    }

    /**
     * Adds a header line; the same name may be added again.
     *
     * @param name the header's name
     * @param value its value
     * @return the request with one more header
     * @throws FetchRequestException if the line cannot be sent, or is one that the client sets itself
     */
    public FetchRequest header(String name, String value) {
        if (OURS.contains(name.toLowerCase(Locale.ROOT))) {
            throw new FetchRequestException("the client sets header " + name + " itself");
        }
        return new FetchRequest(
                method, target, headers.plus(name, value), body, timeout, maxBodyBytes, redirects, retry, decode);
    }

    /**
     * Sets the body.
     *
     * @param body what to send; not copied, so it must not change
     * @return the request with this body
     */
    public FetchRequest body(byte[] body) {
        return body(FetchBody.ofBytes(body));
    }

    /**
     * Sets the body, and its type where no {@code Content-Type} is set.
     *
     * @param body what to send
     * @return the request with this body
     */
    public FetchRequest body(FetchBody body) {
        Objects.requireNonNull(body, "body");
        return new FetchRequest(method, target, headers, body, timeout, maxBodyBytes, redirects, retry, decode);
    }

    /**
     * Sets the body to a text in UTF-8, and adds its type.
     *
     * @param text what to send
     * @param contentType its type, such as {@code text/plain; charset=utf-8}
     * @return the request with this body and one more header
     */
    public FetchRequest body(String text, String contentType) {
        return header("Content-Type", contentType).body(text.getBytes(StandardCharsets.UTF_8));
    }

    /**
     * Overrides the client's {@code totalTimeout} for this request.
     *
     * @param total the time for all of it: the wait at the gate, redirects and the body
     * @return the request with this limit
     */
    public FetchRequest timeout(Duration total) {
        Limits.positive("timeout", total);
        return new FetchRequest(method, target, headers, body, total, maxBodyBytes, redirects, retry, decode);
    }

    /**
     * Overrides the client's {@code maxBodyBytes} for this request.
     *
     * @param bytes the largest body that is accepted; from 0 to 2 GiB
     * @return the request with this limit
     */
    public FetchRequest maxBodyBytes(long bytes) {
        Limits.bodyBytes(bytes);
        return new FetchRequest(method, target, headers, body, timeout, bytes, redirects, retry, decode);
    }

    /**
     * Overrides the client's redirect policy for this request.
     *
     * @param policy which redirects to follow
     * @return the request with this policy
     */
    public FetchRequest redirects(RedirectPolicy policy) {
        Objects.requireNonNull(policy, "policy");
        return new FetchRequest(method, target, headers, body, timeout, maxBodyBytes, policy, retry, decode);
    }

    /**
     * Overrides the client's retry policy for this request.
     *
     * @param policy when to send it again
     * @return the request with this policy
     */
    public FetchRequest retry(RetryPolicy policy) {
        Objects.requireNonNull(policy, "policy");
        return new FetchRequest(method, target, headers, body, timeout, maxBodyBytes, redirects, policy, decode);
    }

    /**
     * Whether to undo a content coding: on unless set. Where it is off, {@code Accept-Encoding: identity} is sent, and the
     * body is given as it comes.
     *
     * @param decode false for the body as it is sent
     * @return the request with this setting
     */
    public FetchRequest decode(boolean decode) {
        return new FetchRequest(method, target, headers, body, timeout, maxBodyBytes, redirects, retry, decode);
    }

    /**
     * The method.
     *
     * @return as it was given
     */
    public String method() {
        return method;
    }

    /**
     * The URI, normalised: scheme and host in lower case, no default port, no fragment, no dot segments.
     *
     * @return what is fetched
     */
    public URI uri() {
        return target.uri();
    }

    /**
     * The headers that were set; those the client adds are not among them.
     *
     * @return the headers
     */
    public FetchHeaders headers() {
        return headers;
    }

    /**
     * The body.
     *
     * @return what was set, or null
     */
    public @Nullable FetchBody body() {
        return body;
    }

    Target target() {
        return target;
    }

    /** Whether it can be sent more than once, as far as its body is concerned. */
    boolean isRepeatable() {
        return body == null || body.isRepeatable();
    }

    boolean decodes() {
        return decode;
    }

    Duration timeoutOr(Duration standard) {
        return timeout == null ? standard : timeout;
    }

    long maxBodyBytesOr(long standard) {
        return maxBodyBytes < 0 ? standard : maxBodyBytes;
    }

    RedirectPolicy redirectsOr(RedirectPolicy standard) {
        return redirects == null ? standard : redirects;
    }

    RetryPolicy retryOr(RetryPolicy standard) {
        return retry == null ? standard : retry;
    }

    /** Two requests without a body are the same if these are equal. */
    Key key() {
        return new Key(method, target, headers.toMap(), timeout, maxBodyBytes, redirects, retry, decode);
    }

    record Key(
            String method,
            Target target,
            Map<String, List<String>> headers,
            @Nullable Duration timeout,
            long maxBodyBytes,
            @Nullable RedirectPolicy redirects,
            @Nullable RetryPolicy retry,
            boolean decode) {}

    /** The next request of a redirect: the same limits, another target. */
    FetchRequest redirected(String method, Target target, FetchHeaders headers, @Nullable FetchBody body) {
        return new FetchRequest(method, target, headers, body, timeout, maxBodyBytes, redirects, retry, decode);
    }

    /** Method and URI without its query. */
    @Override
    public String toString() {
        return method + " " + target.redacted();
    }
}
