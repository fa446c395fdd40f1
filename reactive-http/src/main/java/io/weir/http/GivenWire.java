package io.weir.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.UnknownHostException;
import javax.net.ssl.SSLException;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Makes of a transport that a user gave what the rest of the client works with. */
final class GivenWire implements Wire {
    private final FetchTransport transport;
    private final Failures failures;

    GivenWire(FetchTransport transport, Limits limits) {
        this.transport = transport;
        this.failures = new Failures(limits);
    }

    @Override
    public <T> Mono<T> exchange(FetchRequest request, Attempt attempt, Reader<T> reader) {
        return Mono.defer(() -> {
                    attempt.writing();
                    attempt.written();
                    return transport.send(request);
                })
                .switchIfEmpty(Mono.error(() -> new IllegalStateException("a transport gave no reply")))
                .onErrorMap(error -> unanswered(error, attempt))
                .flatMap(reply -> {
                    attempt.answered();
                    attempt.enter(FetchPhase.BODY);
                    return reader.read(Head.of(reply.status(), reply.headers()), lent(reply.body()));
                })
                .onErrorMap(error -> failures.of(error, attempt));
    }

    private static Throwable unanswered(Throwable error, Attempt attempt) {
        if (error instanceof ConnectException
                || error instanceof NoRouteToHostException
                || error instanceof UnknownHostException) {
            attempt.unsent(FetchPhase.CONNECT);
        } else if (error instanceof SSLException) {
            attempt.unsent(FetchPhase.TLS);
        }
        return error;
    }

    /** As a connection lends its buffers: whoever gets one need not release it. */
    private static Flux<ByteBuf> lent(Flux<ByteBuf> body) {
        return body.map(buffer -> {
            byte[] bytes = ByteBufUtil.getBytes(buffer);
            buffer.release();
            return Unpooled.wrappedBuffer(bytes);
        });
    }
}
