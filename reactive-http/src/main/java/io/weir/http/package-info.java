/**
 * Fetching over HTTP, safe by default: {@link io.weir.http.FetchClient}.
 *
 * <p>Every wait, buffer and queue has a limit that is on from the start, and the error that reports it names the limit and
 * its setting. A 4xx or 5xx is a response, not an error; {@link io.weir.http.FetchResponse#requireSuccess()} makes it one.
 *
 * <h2>Errors</h2>
 *
 * All are unchecked and sealed under {@link io.weir.http.FetchException}, which tells phase, host, URI (without user
 * information, query and fragment), whether the request was sent, how often, and the time taken:
 *
 * <pre>
 * FetchException
 * ├── FetchRequestException        the request itself is not valid; nothing was done
 * ├── FetchTimeoutException        a phase, or the whole, took longer than its limit
 * ├── FetchLimitException          too many wait, or headers, body or its expansion are too large
 * ├── FetchConnectException        no connection: DNS, TCP or TLS failed
 * ├── FetchAddressException        the address may not be connected to
 * ├── FetchDisconnectedException   the connection ended before the response did
 * ├── FetchProtocolException       what came back is not HTTP
 * ├── FetchContentException        the body cannot be decoded, or is not the JSON that was asked for
 * ├── FetchRedirectException       a redirect loops, is one too many, is refused, or is not valid
 * ├── CircuitOpenException         the host failed too often of late, and is left alone for a while
 * ├── FetchStatusException         requireSuccess() met a 4xx or 5xx
 * └── FetchClosedException         the client was closed
 * </pre>
 *
 * <h2>Testing what fetches</h2>
 *
 * {@link io.weir.http.FetchClientBuilder#transport} puts something else in the network's place. {@code FakeTransport} is made
 * for tests: it answers, late, in pieces or not at all, as it is told, also in virtual time, while limits, time-outs,
 * retries and redirects are the client's own. It is in the package {@code io.weir.http.testing} of this artifact's
 * {@code test-jar}, which has the classifier {@code tests}.
 *
 * <pre>{@code
 * FakeTransport server = FakeTransport.answering(FakeAnswer.status(503), FakeAnswer.ok("hello"));
 * FetchClient client = FetchClient.builder().transport(server).build();
 *
 * StepVerifier.withVirtualTime(() -> client.fetch("https://example.com/").map(FetchResponse::text))
 *         .thenAwait(Duration.ofSeconds(10))
 *         .expectNext("hello")
 *         .verifyComplete();
 * assertThat(server.requests()).hasSize(2);
 * }</pre>
 */
@NullMarked
package io.weir.http;

import org.jspecify.annotations.NullMarked;
