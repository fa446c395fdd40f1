package io.weir.http;

import io.netty.buffer.ByteBuf;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Takes one call from request to response: through the gate, over the transport, and again for each redirect. The permits of
 * one hop are given back before the next asks for its own, so two hosts that redirect to each other cannot starve.
 */
final class Hops {
    /** The largest body of a redirect that is read for the sake of keeping its connection. */
    private static final long DRAINED = 64 * 1024;

    private final Gate gate;
    private final FetchTransport transport;
    private final Limits limits;
    private final Call call;

    Hops(Gate gate, FetchTransport transport, Limits limits, Call call) {
        this.gate = gate;
        this.transport = transport;
        this.limits = limits;
        this.call = call;
    }

    Mono<FetchResponse> run(FetchRequest request) {
        return send(request)
                .onErrorResume(
                        FetchDisconnectedException.class,
                        error -> error.sent() == Sent.NO ? send(request) : Mono.error(error))
                .flatMap(hop -> hop.next == null ? Mono.justOrEmpty(hop.response) : run(hop.next));
    }

    private Mono<Hop> send(FetchRequest request) {
        return Mono.defer(() -> {
            Attempt attempt = call.next(request.target());
            return gate.pass(
                    attempt, transport.exchange(request, attempt, (head, body) -> read(request, attempt, head, body)));
        });
    }

    private Mono<Hop> read(FetchRequest request, Attempt attempt, FetchTransport.Head head, Flux<ByteBuf> body) {
        FetchRequest next = call.redirects().next(request, head.status(), head.headers(), attempt);
        if (next != null) {
            AtomicLong size = new AtomicLong();
            // All that matters of this response is known: a body that is long, or cut off, only costs its connection.
            return body.takeWhile(chunk -> size.addAndGet(chunk.readableBytes()) <= DRAINED)
                    .onErrorComplete()
                    .then(Mono.just(new Hop(null, next)));
        }
        long limit = request.maxBodyBytesOr(limits.maxBodyBytes());
        boolean empty = request.method().equals("HEAD") || head.status() == 204 || head.status() == 304;
        if (!empty && head.contentLength() > limit) {
            return Mono.error(tooLarge(limit, attempt));
        }
        return body.collect(() -> new BodyBuffer(limit, empty ? -1 : head.contentLength()), (buffer, chunk) -> {
                    if (!buffer.append(chunk)) {
                        throw tooLarge(limit, attempt);
                    }
                })
                .map(buffer -> new Hop(response(request, head, buffer), null));
    }

    private FetchResponse response(FetchRequest request, FetchTransport.Head head, BodyBuffer buffer) {
        return new FetchResponse(
                head.status(),
                request.target(),
                call.redirects().followed(),
                head.headers(),
                buffer.toBytes(),
                call.elapsed().minus(call.waited()),
                call.waited());
    }

    private static FetchLimitException tooLarge(long limit, Attempt attempt) {
        return new FetchLimitException("maxBodyBytes", limit, attempt.failure(), null);
    }

    /** Either the response, or what to fetch next. */
    private record Hop(
            @Nullable FetchResponse response, @Nullable FetchRequest next) {}
}
