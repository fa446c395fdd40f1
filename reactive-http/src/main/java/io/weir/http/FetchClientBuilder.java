package io.weir.http;

import java.net.InetAddress;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Sets the limits of a {@link FetchClient}. Every one of them is on; the name an error gives as its setting is the method's
 * name here. Not thread-safe.
 */
public final class FetchClientBuilder {
    private static final int DEFAULT_IN_FLIGHT = 256;

    private int maxInFlight = DEFAULT_IN_FLIGHT;
    private int maxPerHost = 8;
    private int maxWaiting = 10_000;
    private int maxOpenSockets;
    private Duration queueTimeout = Duration.ofSeconds(30);
    private Duration dnsTimeout = Duration.ofSeconds(5);
    private Duration connectTimeout = Duration.ofSeconds(5);
    private Duration tlsTimeout = Duration.ofSeconds(10);
    private Duration headersTimeout = Duration.ofSeconds(15);
    private Duration readTimeout = Duration.ofSeconds(15);
    private Duration totalTimeout = Duration.ofSeconds(60);
    private long maxBodyBytes = 8L << 20;
    private int maxExpansion = 100;
    private int maxHeaderBytes = 32 << 10;
    private int maxHeaders = 128;
    private Duration idleTime = Duration.ofSeconds(15);
    private Duration lifeTime = Duration.ofMinutes(5);
    private RedirectPolicy redirects = RedirectPolicy.follow();
    private RetryPolicy retry = RetryPolicy.standard();
    private @Nullable HedgePolicy hedge;
    private @Nullable BreakerPolicy breaker;
    private @Nullable RateLimit rateLimit;
    private boolean coalesce;
    private final List<FetchListener> listeners = new ArrayList<>();
    private String userAgent = "weir/0.1";
    private int threads = Runtime.getRuntime().availableProcessors();
    private Function<String, @Nullable InetAddress> resolve = host -> null;
    private List<X509Certificate> trusted = List.of();
    private @Nullable FetchTransport transport;
    private Http2 http2 = Http2.OFF;
    private AddressGuard addresses = new AddressGuard(AddressRules.any());

    FetchClientBuilder() {}

    /**
     * How many requests may be between their permit and the end of their response, over all hosts.
     *
     * @param requests the bound; 256 unless set, and never more than {@link #maxOpenSockets}
     * @return this
     */
    public FetchClientBuilder maxInFlight(int requests) {
        maxInFlight = Limits.positive("maxInFlight", requests);
        return this;
    }

    /**
     * The same for each host, which is a name and a port. Also the number of connections to it.
     *
     * @param requests the bound; 8 unless set
     * @return this
     */
    public FetchClientBuilder maxPerHost(int requests) {
        maxPerHost = Limits.positive("maxPerHost", requests);
        return this;
    }

    /**
     * How many requests may wait for a permit; one more fails at once with {@link FetchLimitException}. A request whose
     * permits are free does not wait and is let through.
     *
     * @param requests the bound; 10 000 unless set
     * @return this
     */
    public FetchClientBuilder maxWaiting(int requests) {
        maxWaiting = Limits.positive("maxWaiting", requests);
        return this;
    }

    /**
     * How many sockets may be open, idle ones included. The one that has been idle longest is closed for a new one.
     *
     * @param sockets the bound; unless set a quarter of the open files the process may have, 1024 at most
     * @return this
     */
    public FetchClientBuilder maxOpenSockets(int sockets) {
        maxOpenSockets = Limits.positive("maxOpenSockets", sockets);
        return this;
    }

    /**
     * How long a request may wait for its permits, for each hop.
     *
     * @param limit 30 s unless set
     * @return this
     */
    public FetchClientBuilder queueTimeout(Duration limit) {
        queueTimeout = Limits.positive("queueTimeout", limit);
        return this;
    }

    /**
     * How long looking up a host's addresses may take.
     *
     * @param limit 5 s unless set
     * @return this
     */
    public FetchClientBuilder dnsTimeout(Duration limit) {
        dnsTimeout = Limits.positive("dnsTimeout", limit);
        return this;
    }

    /**
     * How long opening a connection may take, over all addresses of the host.
     *
     * @param limit 5 s unless set
     * @return this
     */
    public FetchClientBuilder connectTimeout(Duration limit) {
        connectTimeout = Limits.positive("connectTimeout", limit);
        return this;
    }

    /**
     * How long the TLS handshake may take.
     *
     * @param limit 10 s unless set
     * @return this
     */
    public FetchClientBuilder tlsTimeout(Duration limit) {
        tlsTimeout = Limits.positive("tlsTimeout", limit);
        return this;
    }

    /**
     * How long the response's headers may take to arrive in full, from when the request was written.
     *
     * @param limit 15 s unless set
     * @return this
     */
    public FetchClientBuilder headersTimeout(Duration limit) {
        headersTimeout = Limits.positive("headersTimeout", limit);
        return this;
    }

    /**
     * How long the server may be silent within the body.
     *
     * @param limit 15 s unless set
     * @return this
     */
    public FetchClientBuilder readTimeout(Duration limit) {
        readTimeout = Limits.positive("readTimeout", limit);
        return this;
    }

    /**
     * How long all of a fetch may take, from subscription to the last byte: waits and redirects included.
     *
     * @param limit 60 s unless set
     * @return this
     */
    public FetchClientBuilder totalTimeout(Duration limit) {
        totalTimeout = Limits.positive("totalTimeout", limit);
        return this;
    }

    /**
     * The largest body that is buffered, decoded. A {@code Content-Length} beyond it fails at once, else the byte that is one too
     * many.
     *
     * @param bytes 8 MiB unless set; from 0 to 2 GiB
     * @return this
     */
    public FetchClientBuilder maxBodyBytes(long bytes) {
        maxBodyBytes = Limits.bodyBytes(bytes);
        return this;
    }

    /**
     * How many times larger than it was sent a body with a content coding may become, beyond the first MiB of it. What is
     * buffered is also held to {@link #maxBodyBytes}, decoded.
     *
     * @param times 100 unless set
     * @return this
     */
    public FetchClientBuilder maxExpansion(int times) {
        maxExpansion = Limits.positive("maxExpansion", times);
        return this;
    }

    /**
     * The largest status line, and the largest header section.
     *
     * @param bytes 32 KiB unless set
     * @return this
     */
    public FetchClientBuilder maxHeaderBytes(int bytes) {
        maxHeaderBytes = Limits.positive("maxHeaderBytes", bytes);
        return this;
    }

    /**
     * The largest number of header lines.
     *
     * @param lines 128 unless set
     * @return this
     */
    public FetchClientBuilder maxHeaders(int lines) {
        maxHeaders = Limits.positive("maxHeaders", lines);
        return this;
    }

    /**
     * How long a connection is kept for a next request.
     *
     * @param limit 15 s unless set
     * @return this
     */
    public FetchClientBuilder idleTime(Duration limit) {
        idleTime = Limits.positive("idleTime", limit);
        return this;
    }

    /**
     * How old a connection may be when it is given a next request.
     *
     * @param limit 5 min unless set
     * @return this
     */
    public FetchClientBuilder lifeTime(Duration limit) {
        lifeTime = Limits.positive("lifeTime", limit);
        return this;
    }

    /**
     * Which redirects to follow.
     *
     * @param policy {@link RedirectPolicy#follow()} unless set
     * @return this
     */
    public FetchClientBuilder redirects(RedirectPolicy policy) {
        redirects = Objects.requireNonNull(policy, "policy");
        return this;
    }

    /**
     * When a request is sent again.
     *
     * @param policy {@link RetryPolicy#standard()} unless set
     * @return this
     */
    public FetchClientBuilder retry(RetryPolicy policy) {
        retry = Objects.requireNonNull(policy, "policy");
        return this;
    }

    /**
     * When a second request is sent because the first is slow.
     *
     * @param policy never unless set
     * @return this
     */
    public FetchClientBuilder hedge(HedgePolicy policy) {
        hedge = Objects.requireNonNull(policy, "policy");
        return this;
    }

    /**
     * When a host that keeps failing is left alone.
     *
     * @param policy never unless set
     * @return this
     */
    public FetchClientBuilder breaker(BreakerPolicy policy) {
        breaker = Objects.requireNonNull(policy, "policy");
        return this;
    }

    /**
     * How many requests each host may be sent in a time.
     *
     * @param limit none unless set
     * @return this
     */
    public FetchClientBuilder rateLimit(RateLimit limit) {
        rateLimit = Objects.requireNonNull(limit, "limit");
        return this;
    }

    /**
     * Makes one fetch of equal GETs that are in flight at the same time: same URI, same headers, same limits. All get the same
     * response, whose bytes are then shared. The first one's Context is used, but for its {@link io.weir.core.task.Deadline}, and the total time counts from the
     * first; the fetch is cancelled when the last one is.
     *
     * @param equalGets false unless set
     * @return this
     */
    public FetchClientBuilder coalesce(boolean equalGets) {
        coalesce = equalGets;
        return this;
    }

    /**
     * Adds a listener to all that the client does.
     *
     * @param listener told of each fetch
     * @return this
     */
    public FetchClientBuilder listener(FetchListener listener) {
        listeners.add(Objects.requireNonNull(listener, "listener"));
        return this;
    }

    /**
     * What the client calls itself to servers.
     *
     * @param name the value of {@code User-Agent}
     * @return this
     * @throws FetchRequestException if it cannot be sent
     */
    public FetchClientBuilder userAgent(String name) {
        FetchHeaders.empty().plus("User-Agent", name);
        userAgent = name;
        return this;
    }

    /**
     * Gives hosts an address without DNS, as curl's {@code --resolve} does.
     *
     * @param addresses asked with a host's name in lower case, on event loops too, so it must not block; null where DNS is
     *     to be asked. Not asked for hosts that are addresses.
     * @return this
     */
    public FetchClientBuilder resolve(Function<String, @Nullable InetAddress> addresses) {
        resolve = Objects.requireNonNull(addresses, "addresses");
        return this;
    }

    /**
     * Which addresses the client may connect to.
     *
     * @param rules {@link AddressRules#any()} unless set
     * @return this
     */
    public FetchClientBuilder addresses(AddressRules rules) {
        return addresses(new AddressGuard(rules));
    }

    FetchClientBuilder addresses(AddressGuard guard) {
        addresses = guard;
        return this;
    }

    /**
     * Trusts these certificates, and those they issued, in place of the authorities that the JVM trusts. A server's
     * certificate must still be valid for its host.
     *
     * @param certificates what to trust
     * @return this
     */
    public FetchClientBuilder trust(X509Certificate... certificates) {
        trusted = List.of(certificates);
        return this;
    }

    /**
     * Whether HTTP/2 is spoken. Then the requests to a host share a connection, and another is opened only where the server
     * allows fewer streams than there are requests; how many are under way at once is still {@link #maxPerHost}. A connection
     * is used for no other scheme, name or port than the one it was opened for, whatever its certificate is valid for.
     *
     * @param use {@link Http2#OFF} unless set
     * @return this
     */
    public FetchClientBuilder http2(Http2 use) {
        http2 = Objects.requireNonNull(use, "use");
        return this;
    }

    /**
     * Sends requests through something else than the network, for tests above all. What is set here of addresses, names,
     * certificates, sockets and event loops then has no meaning.
     *
     * @param transport what answers in the network's place; closed by whoever made it
     * @return this
     */
    public FetchClientBuilder transport(FetchTransport transport) {
        this.transport = Objects.requireNonNull(transport, "transport");
        return this;
    }

    /**
     * How many event loops there are.
     *
     * @param threads as many as there are cores unless set
     * @return this
     */
    public FetchClientBuilder threads(int threads) {
        this.threads = Limits.positive("threads", threads);
        return this;
    }

    /**
     * Makes the client.
     *
     * @return a new client with these settings
     */
    public FetchClient build() {
        Policies policies = new Policies(retry, hedge, breaker, rateLimit, coalesce, List.copyOf(listeners));
        Limits limits = limits();
        FetchTransport given = transport;
        return new FetchClient(
                limits,
                policies,
                hostEmpty -> given == null ? network(limits, hostEmpty) : new GivenWire(given, limits));
    }

    private Wire network(Limits limits, Consumer<String> hostEmpty) {
        Loops loops = new Loops(threads);
        NameResolver names = new NameResolver(resolve, loops, limits.dnsTimeout());
        return new NettyTransport(
                limits, loops, names, new Tls(trusted, http2 != Http2.OFF), addresses, http2, hostEmpty);
    }

    Limits limits() {
        int sockets = maxOpenSockets == 0 ? Limits.openSockets() : maxOpenSockets;
        return new Limits(
                Math.min(maxInFlight, sockets),
                maxPerHost,
                maxWaiting,
                sockets,
                queueTimeout,
                dnsTimeout,
                connectTimeout,
                tlsTimeout,
                headersTimeout,
                readTimeout,
                totalTimeout,
                maxBodyBytes,
                maxExpansion,
                maxHeaderBytes,
                maxHeaders,
                idleTime,
                lifeTime,
                redirects,
                userAgent);
    }
}
