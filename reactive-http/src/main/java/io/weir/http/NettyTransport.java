package io.weir.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.netty.ConnectionObserver;
import reactor.netty.NettyOutbound;
import reactor.netty.NettyPipeline;
import reactor.netty.http.HttpProtocol;
import reactor.netty.http.client.Http2AllocationStrategy;
import reactor.netty.http.client.HttpClient;
import reactor.netty.http.client.HttpClientRequest;
import reactor.netty.http.client.HttpClientResponse;
import reactor.netty.resources.ConnectionProvider;

/**
 * HTTP/1.1, and HTTP/2 where it is wanted, on Reactor Netty: pools for each host, its own event loops, and none of Reactor
 * Netty's retries, redirects and time-outs.
 *
 * <p>Reactor Netty does not pass a cancel on to a connection that is still being made: it would go on, and hold a place in
 * its pool. So the attempt, found through the {@code Context}, gets hold of the socket as soon as there is one, and closes
 * it when it is aborted.
 */
final class NettyTransport implements Wire {
    private static final Duration SHUTDOWN = Duration.ofSeconds(5);
    /** How long a body waits for a server that does not say that it wants it, as RFC 9110 allows it not to. */
    private static final Duration UNCONTINUED = Duration.ofSeconds(1);

    private final Limits limits;
    private final Failures failures;
    private final Loops loops;
    private final NameResolver names;
    private final AddressGuard addresses;
    private final Http2 http2;
    private final OpenSockets sockets;
    private final ConnectionProvider pools;
    private final Map<String, To> plainTo = new ConcurrentHashMap<>();
    private final Map<String, To> secureTo = new ConcurrentHashMap<>();
    private final HttpClient plain;
    private final Mono<HttpClient> secure;

    NettyTransport(
            Limits limits,
            Loops loops,
            NameResolver names,
            Tls tls,
            AddressGuard addresses,
            Http2 http2,
            Consumer<String> hostEmpty) {
        this.limits = limits;
        this.failures = new Failures(limits);
        this.loops = loops;
        this.names = names;
        this.addresses = addresses;
        this.http2 = http2;
        this.sockets = new OpenSockets(limits.maxOpenSockets(), limits.idleTime(), hostEmpty);
        // As many connections as the host has permits. A request whose permit is free a moment before its connection is
        // waits in the pool, without a bound there: the gate bounds how many do, and the call's timer how long.
        ConnectionProvider.Builder pool = ConnectionProvider.builder("weir-http")
                .maxConnections(limits.maxPerHost())
                .pendingAcquireMaxCount(-1)
                .pendingAcquireTimeout(Duration.ZERO)
                .maxIdleTime(limits.idleTime())
                .maxLifeTime(limits.lifeTime())
                .lifo();
        if (http2 != Http2.OFF) {
            // Otherwise there is a connection for each request, as in HTTP/1.1. Its pools are out of reach from
            // here, so they must find out by themselves that they are not needed any more.
            pool.allocationStrategy(Http2AllocationStrategy.builder()
                            .maxConnections(limits.maxPerHost())
                            .strictConnectionReuse(true)
                            .build())
                    .evictInBackground(limits.idleTime())
                    .disposeInactivePoolsInBackground(limits.idleTime(), limits.idleTime());
        }
        this.pools = pool.build();
        HttpClient client = HttpClient.create(pools)
                .runOn(loops, true)
                .resolver(names)
                .disableRetry(true)
                .followRedirect(false)
                .compress(false)
                // A write that fails does not end the reading: see ConnectionGuard.
                .option(ChannelOption.AUTO_CLOSE, false)
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, millis(limits.connectTimeout()))
                .httpResponseDecoder(spec -> spec.maxInitialLineLength(limits.maxHeaderBytes())
                        .maxHeaderSize(limits.maxHeaderBytes())
                        .failOnMissingResponse(true))
                .doOnResolve(connection -> enter(connection.channel(), FetchPhase.DNS))
                .doAfterResolve((connection, address) -> enter(connection.channel(), FetchPhase.CONNECT))
                .doOnChannelInit(this::opened);
        HttpClient both = http2 == Http2.OFF
                ? client
                : client.http2Settings(settings -> settings.maxHeaderListSize(limits.maxHeaderBytes())
                                .initialWindowSize(SocketGuard.WINDOW))
                        .doOnRequest((request, connection) -> SocketGuard.guard(connection.channel()));
        this.plain = http2 == Http2.PRIOR_KNOWLEDGE ? both.protocol(HttpProtocol.H2C) : both;
        HttpClient overTls = http2 == Http2.OFF ? both : both.protocol(HttpProtocol.H2, HttpProtocol.HTTP11);
        this.secure = tls.context()
                .map(context -> overTls.secure(
                        spec -> spec.sslContext(context).handshakeTimeoutMillis(millis(limits.tlsTimeout()))))
                .cacheInvalidateIf(made -> false);
    }

    @Override
    public int open() {
        return sockets.open();
    }

    @Override
    public int idle() {
        return sockets.idle();
    }

    @Override
    public void forgetIfUnconnected(String hostAndPort) {
        if (sockets.hasNone(hostAndPort)) {
            plainTo.remove(hostAndPort);
            secureTo.remove(hostAndPort);
            int colon = hostAndPort.lastIndexOf(':');
            int port = Integer.parseInt(hostAndPort.substring(colon + 1));
            pools.disposeWhen(Addresses.socketAddress(hostAndPort.substring(0, colon), port));
        }
    }

    @Override
    public Mono<Void> closeLater() {
        return Mono.defer(() -> {
            sockets.close();
            return pools.disposeLater()
                    .onErrorComplete()
                    .then(Mono.fromRunnable(names::close))
                    .onErrorComplete()
                    .then(loops.disposeLater(Duration.ZERO, SHUTDOWN));
        });
    }

    @Override
    public <T> Mono<T> exchange(FetchRequest request, Attempt attempt, Reader<T> reader) {
        if (request.decodes() && Codings.accepted() == null) {
            return Codings.loading().flatMap(loaded -> exchange(request, attempt, reader));
        }
        FetchBody body = request.body();
        return body == null || body.bytes() != null
                ? exchange(request, -1, attempt, reader)
                : body.length().flatMap(length -> exchange(request, length, attempt, reader));
    }

    private <T> Mono<T> exchange(FetchRequest request, long length, Attempt attempt, Reader<T> reader) {
        Target target = request.target();
        Mono<To> found =
                target.secure() ? secure.flatMap(client -> to(client, secureTo, target)) : to(plain, plainTo, target);
        return Exchange.of(attempt, failures, found.flatMap(to -> over(to, request, length, attempt, reader)));
    }

    private Mono<To> to(HttpClient client, Map<String, To> known, Target target) {
        To to = known.get(target.hostAndPort());
        if (to != null && names.finds(to.address)) {
            return Mono.just(to);
        }
        return names.address(target)
                .map(address -> known.computeIfAbsent(target.hostAndPort(), host -> To.of(client, address)));
    }

    private <T> Mono<T> over(To to, FetchRequest request, long length, Attempt attempt, Reader<T> reader) {
        return to.sender(request.method())
                .uri(request.target().pathAndQuery())
                .send((head, out) -> send(head, out, request, length, attempt))
                // Deferred: what a reader throws at once would leave the body unread and the connection taken.
                .response((head, body) -> Mono.defer(() -> reader.read(head(head), body)))
                .single();
    }

    private Publisher<Void> send(
            HttpClientRequest head, NettyOutbound out, FetchRequest request, long length, Attempt attempt) {
        HttpHeaders headers = head.requestHeaders();
        headers.clear();
        FetchHeaders own = request.headers();
        if (!own.contains("Host")) {
            headers.add(HttpHeaderNames.HOST, request.target().authority());
        }
        if (!own.contains("User-Agent")) {
            headers.add(HttpHeaderNames.USER_AGENT, limits.userAgent());
        }
        if (!own.contains("Accept")) {
            headers.add(HttpHeaderNames.ACCEPT, "*/*");
        }
        if (!own.contains("Accept-Encoding")) {
            CharSequence accepted = request.decodes() && !own.contains("Range") ? Codings.accepted() : null;
            headers.add(HttpHeaderNames.ACCEPT_ENCODING, accepted == null ? HttpHeaderValues.IDENTITY : accepted);
        }
        own.forEach(headers::add);
        FetchBody body = request.body();
        if (body == null) {
            return out;
        }
        String type = body.contentType();
        if (type != null && !own.contains("Content-Type")) {
            headers.add(HttpHeaderNames.CONTENT_TYPE, type);
        }
        byte[] bytes = body.bytes();
        return bytes != null && !body.expectsContinue()
                ? out.send(Mono.fromSupplier(() -> Unpooled.wrappedBuffer(bytes)))
                : out.send(stream(headers, body, bytes == null ? length : bytes.length, attempt));
    }

    /** The body as it comes. What goes wrong with it is told by the attempt, in time and in its own words. */
    private static Flux<ByteBuf> stream(HttpHeaders headers, FetchBody body, long length, Attempt attempt) {
        if (length < 0) {
            headers.add(HttpHeaderNames.TRANSFER_ENCODING, HttpHeaderValues.CHUNKED);
        } else {
            headers.add(HttpHeaderNames.CONTENT_LENGTH, length);
        }
        Flux<ByteBuf> content = body.content(length).onErrorResume(error -> {
            attempt.failSending(error);
            return Flux.never();
        });
        if (!body.expectsContinue()) {
            return content;
        }
        headers.add(HttpHeaderNames.EXPECT, HttpHeaderValues.CONTINUE);
        return attempt.continued().timeout(UNCONTINUED, Mono.empty()).thenMany(content);
    }

    private static Head head(HttpClientResponse response) {
        HttpHeaders received = response.responseHeaders();
        List<String> lines = new ArrayList<>(received.size() * 2);
        Iterator<Map.Entry<CharSequence, CharSequence>> entries = received.iteratorCharSequence();
        while (entries.hasNext()) {
            Map.Entry<CharSequence, CharSequence> line = entries.next();
            lines.add(HeaderNames.of(line.getKey()));
            lines.add(line.getValue().toString());
        }
        String length = received.get(HttpHeaderNames.CONTENT_LENGTH);
        return new Head(response.status().code(), FetchHeaders.received(lines), length(length));
    }

    /** The decoder has refused what is no number already. */
    private static long length(@Nullable String text) {
        try {
            return text == null ? -1 : Long.parseLong(text);
        } catch (NumberFormatException e) {
            return -1; // beyond what a body can have
        }
    }

    private void opened(ConnectionObserver observer, Channel channel, @Nullable Object remote) {
        Attempt attempt = Attempt.of(observer.currentContext());
        String host =
                attempt == null ? String.valueOf(remote) : attempt.target().hostAndPort();
        sockets.opened(host);
        if (mayBeHttp2(attempt)) {
            guard(channel, host, new SocketGuard(sockets, limits, addresses, attempt), attempt);
        } else {
            guard(channel, host, new ConnectionGuard(sockets, limits.maxHeaders(), addresses, attempt, null), attempt);
        }
    }

    private boolean mayBeHttp2(@Nullable Attempt attempt) {
        return switch (http2) {
            case OFF -> false;
            case NEGOTIATED -> attempt != null && attempt.target().secure();
            case PRIOR_KNOWLEDGE -> true;
        };
    }

    private <G extends ChannelHandler & Lane & OpenSockets.Socket> void guard(
            Channel channel, String host, G guard, @Nullable Attempt attempt) {
        // Before HTTP/2's handlers, which keep it to themselves that the socket is connected; behind those of HTTP/1.1.
        boolean isHttp2 = channel.pipeline().get(NettyPipeline.H2Flush) != null;
        channel.pipeline()
                .addBefore(isHttp2 ? NettyPipeline.H2Flush : NettyPipeline.ReactiveBridge, "weir.guard", guard);
        channel.closeFuture().addListener(closed -> sockets.closed(host, guard));
        if (attempt != null) {
            attempt.bind(guard);
            if (attempt.target().secure()) {
                channel.pipeline().addFirst("weir.connected", new Connected(attempt));
            }
        }
    }

    private static void enter(Channel channel, FetchPhase phase) {
        Attempt attempt = Attempt.of(reactor.netty.ReactorNetty.getChannelContext(channel));
        if (attempt != null) {
            attempt.enter(phase);
        }
    }

    private static int millis(Duration duration) {
        return (int) Math.max(1, Math.min(Integer.MAX_VALUE, duration.toMillis()));
    }

    /** Stands before the TLS handler, which keeps it to itself that TCP is connected. */
    private static final class Connected extends ChannelInboundHandlerAdapter {
        private final Attempt attempt;

        Connected(Attempt attempt) {
            this.attempt = attempt;
        }

        @Override
        public void channelActive(ChannelHandlerContext ctx) {
            attempt.enter(FetchPhase.TLS);
            ctx.pipeline().remove(this);
            ctx.fireChannelActive();
        }
    }

    /** What is sent through to one host and port: Reactor Netty copies all of its settings with each one that is set. */
    private record To(InetSocketAddress address, HttpClient client, HttpClient.RequestSender gets) {
        static To of(HttpClient client, InetSocketAddress address) {
            HttpClient there = client.remoteAddress(() -> address);
            return new To(address, there, there.request(HttpMethod.GET));
        }

        HttpClient.RequestSender sender(String method) {
            return method.equals("GET") ? gets : client.request(HttpMethod.valueOf(method));
        }
    }
}
