package io.weir.http;

import java.time.Duration;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.Function;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/**
 * Fetches over HTTP/1.1, and HTTP/2 where it is told to, with and without TLS. Made once, shared by all, closed at the end: it
 * owns its event loops and its connections.
 *
 * <pre>{@code
 * try (FetchClient client = FetchClient.create()) {
 *     String page = client.fetch(url).map(FetchResponse::text).block();
 * }
 * }</pre>
 *
 * <p>All requests pass one gate, which lets {@code maxInFlight} through at once and {@code maxPerHost} (a host is a name and a
 * port) for each host, in order of arrival. Whoever waits there, waits no longer than {@code queueTimeout}.
 *
 * <p>Making a client starts no thread and opens nothing; what TLS and DNS need is loaded by the first request that needs it.
 */
public final class FetchClient implements AutoCloseable {
    private static final Duration CLOSING = Duration.ofSeconds(10);

    private final Wire transport;
    private final Fetching fetching;

    /** @param connect makes what the client sends through, given whom to tell when a host has no connection left */
    FetchClient(Limits limits, Policies policies, Function<Consumer<String>, Wire> connect) {
        this.transport = connect.apply(this::forgetIfIdle);
        this.fetching = new Fetching(limits, policies, transport, this::forgetIfIdle);
    }

    /**
     * A client with the default limits.
     *
     * @return a new client
     */
    public static FetchClient create() {
        return builder().build();
    }

    /**
     * Sets limits before a client is made.
     *
     * @return a new builder with the defaults
     */
    public static FetchClientBuilder builder() {
        return new FetchClientBuilder();
    }

    /**
     * GETs a URL: {@link #fetch(FetchRequest)} of {@link FetchRequest#get(String)}. A URL that is not valid is an error
     * signal too, so that one bad link is an outcome like any other.
     *
     * @param url an absolute http or https URL
     * @return the response, as for {@link #fetch(FetchRequest)}
     */
    public Mono<FetchResponse> fetch(String url) {
        return Mono.defer(() -> fetch(FetchRequest.get(url)));
    }

    /**
     * Fetches, and emits the response when its body is complete; whatever its status is.
     *
     * <p>Cold: each subscription sends the request once, when there is demand, and again as the {@link RetryPolicy} says: unless set otherwise where nothing of
     * it was sent, or where it may be sent twice.
     *
     * <p>Signals arrive on an event loop of this client, which must not be blocked; time-outs on a thread of {@link
     * Schedulers#parallel()}; other errors also on the thread that subscribes.
     *
     * <p>Cancel, in any phase, gives the permits back and closes the connection, or of HTTP/2 the stream; after delivery it does nothing. The {@code
     * Context} is seen by all that runs in between.
     *
     * <p>Errors: {@link FetchException}, whose subtypes tell what went wrong; what a redirect policy's predicate throws.
     *
     * <p>Bounds: those of the {@link FetchClientBuilder} and the request.
     *
     * @param request what to fetch
     * @return the response
     */
    public Mono<FetchResponse> fetch(FetchRequest request) {
        Objects.requireNonNull(request, "request");
        return fetching.fetch(request);
    }

    /**
     * Fetches, and hands the response to a function as soon as its headers are there: its body streams, with backpressure,
     * and is nobody's after the function's result has come.
     *
     * <pre>{@code
     * Mono<Long> errors = client.exchange(
     *         FetchRequest.get(url),
     *         response -> response.lines().filter(line -> line.contains("ERROR")).count());
     * }</pre>
     *
     * <p>Emits what the function's Mono emits, or nothing where that is empty. What was not read of the body then is read to
     * its end where that is near, within 64 KiB and a second, so that the connection can be used again; else the connection
     * is closed. Either way the result waits until the connection and the permits are given back.
     *
     * <p>Cold: each subscription sends the request once, when there is demand, as {@link #fetch(FetchRequest)} does.
     * Redirects are followed before the function is called. It is called once.
     *
     * <p>The function and the body's signals are called on an event loop of this client, which must not be blocked; the
     * result arrives there too, time-outs on a thread of {@link Schedulers#parallel()}.
     *
     * <p>Cancel, in any phase, cancels the function's Mono, gives the permits back and closes the connection; after delivery
     * it does nothing.
     *
     * <p>Errors: those of {@link #fetch(FetchRequest)} until the function is called. From then on what goes wrong with the
     * body is an error of the body, for the function to see; and what the function throws, or its Mono fails with, is the
     * error of the exchange as it is. {@code totalTimeout} and {@code readTimeout} end the exchange from outside, as a cancel
     * does, and are its error.
     *
     * <p>Bounds: {@code totalTimeout} is for all of it, the function's work included. {@code readTimeout} is for the
     * server's silence while the body is asked for: a slow reader is no stalled server. Nothing is read ahead but what the
     * connection gives at once. {@code maxBodyBytes} is only for {@link FetchStream#text()} and {@link
     * FetchStream#response()}.
     *
     * @param request what to fetch
     * @param use makes of the response what is wanted
     * @param <T> what that is
     * @return the function's result
     */
    public <T> Mono<T> exchange(FetchRequest request, Function<? super FetchStream, ? extends Mono<T>> use) {
        Objects.requireNonNull(request, "request");
        return fetching.fetch(request, new StreamingReader<>(fetching.limits(), use));
    }

    /**
     * Fetches everything: {@link #fetchAll(Publisher, Function, FetchAllOptions)} with the standard options.
     *
     * @param requests what to fetch
     * @return one outcome for each request
     */
    public Flux<FetchOutcome<FetchRequest>> fetchAll(Publisher<FetchRequest> requests) {
        return fetchAll(requests, FetchAllOptions.standard());
    }

    /**
     * Fetches everything: {@link #fetchAll(Publisher, Function, FetchAllOptions)} of requests.
     *
     * @param requests what to fetch
     * @param options how to go about it
     * @return one outcome for each request
     */
    public Flux<FetchOutcome<FetchRequest>> fetchAll(Publisher<FetchRequest> requests, FetchAllOptions options) {
        return fetchAll(requests, request -> request, options);
    }

    /**
     * Fetches everything, many at once, and emits exactly one outcome for each input, as it is done or, with {@link FetchAllOptions#inOrder()}, in the
     * order of the inputs. No input's failure ends it, be it of the fetch or of the function that makes the request.
     *
     * <pre>{@code
     * Flux<String> dead = client.fetchAll(links, FetchRequest::get, FetchAllOptions.standard())
     *         .filter(fetched -> fetched.outcome() instanceof Outcome.Failure)
     *         .map(FetchOutcome::input);
     * }</pre>
     *
     * <p>Hosts take turns: the next fetch is of the host that had to wait longest for its turn, and none has more than {@code perHost} running. So a slow host holds
     * up nobody, and neither does one whose inputs come first, as far as {@code lookAhead} reaches: beyond it, the inputs
     * of other hosts are not known yet.
     *
     * <p>Cold; it asks for inputs when it is asked for outcomes. An outcome that is not asked for holds its place, so a slow subscriber slows the fetches and these the source. Each
     * fetch's total time counts from its own start.
     *
     * <p>Signals arrive on the threads that brought them about, those of {@link #fetch(FetchRequest)} or the source's, one at a time. Cancel cancels the source and all fetches; inputs that were not
     * begun and outcomes that were not emitted go to the discard hook. Each fetch sees the Context.
     *
     * <p>Errors: only the source's, and that after the outcome of all inputs before it.
     *
     * <p>Bounds: {@code lookAhead} inputs are held; responses in memory are as many as {@code concurrency}, or, in order, {@code lookAhead}.
     *
     * @param inputs what to fetch
     * @param request makes a request of an input; called once for each, in turn, and must not block
     * @param options how to go about it
     * @param <T> the input's type
     * @return one outcome for each input
     */
    public <T> Flux<FetchOutcome<T>> fetchAll(
            Publisher<? extends T> inputs, Function<? super T, FetchRequest> request, FetchAllOptions options) {
        return FetchAll.of(inputs, request, fetching::fetch, options, fetching.limits());
    }

    /**
     * What the client is doing now.
     *
     * @return its counts
     */
    public FetchStats stats() {
        Gate gate = fetching.gate();
        return new FetchStats(gate.inFlight(), gate.waiting(), gate.hosts(), transport.open(), transport.idle());
    }

    /**
     * Closes the client as {@link #closeLater()} does, and waits for it, 10 seconds at most. On a thread that must not block
     * it does not wait.
     */
    @Override
    public void close() {
        Mono<Void> closing = closeLater();
        if (Schedulers.isInNonBlockingThread()) {
            closing.subscribe();
        } else {
            closing.block(CLOSING);
        }
    }

    /**
     * Closes the client: fetches that run or wait fail with {@link FetchClosedException}, as do later ones; all sockets are
     * closed and the threads end.
     *
     * <p>Emits nothing and completes when all is closed, on one of Netty's threads. Cold; to subscribe again does no harm.
     * Cancel does not undo it. Does not fail. Takes 5 seconds at most.
     *
     * @return completes when the client is closed
     */
    public Mono<Void> closeLater() {
        return Mono.defer(() -> {
            fetching.close();
            return transport.closeLater();
        });
    }

    Fetching fetching() {
        return fetching;
    }

    /** Called from both sides, when a host's last request leaves the gate and when its last socket closes. */
    private void forgetIfIdle(String host) {
        if (fetching.gate().isIdle(host)) {
            transport.forgetIfUnconnected(host);
        }
    }
}
