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
final class Hops<T> {
    private final Gate gate;
    private final Wire transport;
    private final Call<T> call;
    private final ResponseReader<T> reader;

    Hops(Gate gate, Wire transport, Call<T> call, ResponseReader<T> reader) {
        this.gate = gate;
        this.transport = transport;
        this.call = call;
        this.reader = reader;
    }

    Mono<T> run(FetchRequest request) {
        return send(request)
                .onErrorResume(
                        FetchDisconnectedException.class,
                        error -> error.sent() == Sent.NO && request.isRepeatable() ? send(request) : Mono.error(error))
                .flatMap(hop -> hop.next == null ? Mono.justOrEmpty(hop.result) : run(hop.next));
    }

    private Mono<Hop<T>> send(FetchRequest request) {
        return Mono.defer(() -> {
            Attempt attempt = call.next(request.target());
            return gate.pass(
                    attempt, transport.exchange(request, attempt, (head, body) -> read(request, attempt, head, body)));
        });
    }

    private Mono<Hop<T>> read(FetchRequest request, Attempt attempt, Wire.Head head, Flux<ByteBuf> body) {
        FetchRequest next = call.redirects().next(request, head.status(), head.headers(), attempt);
        if (next != null) {
            AtomicLong size = new AtomicLong();
            attempt.leaveFailuresToReader();
            // All that matters of this response is known: a body that is long, or cut off, only costs its connection.
            return body.takeWhile(chunk -> size.addAndGet(chunk.readableBytes()) <= StreamedBody.DRAINED)
                    .onErrorComplete()
                    .then(Mono.just(new Hop<>(null, next)));
        }
        return reader.read(call, request, attempt, head, body)
                .map(result -> new Hop<>(result, null))
                .defaultIfEmpty(new Hop<>(null, null));
    }

    /** Either the result, which may be none, or what to fetch next. */
    private record Hop<T>(@Nullable T result, @Nullable FetchRequest next) {}
}
