package io.weir.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.UnknownHostException;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.publisher.BaseSubscriber;
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
                .flatMap(reply -> read(reply, request, attempt, reader))
                .onErrorMap(error -> failures.of(error, attempt))
                .doOnDiscard(FetchTransport.Reply.class, reply -> giveUp(reply.body()));
    }

    private static <T> Mono<T> read(
            FetchTransport.Reply reply, FetchRequest request, Attempt attempt, Reader<T> reader) {
        AtomicBoolean taken = new AtomicBoolean();
        Flux<ByteBuf> body = reply.body().doOnSubscribe(s -> taken.set(true)).map(GivenWire::lent);
        Head head =
                new Head(reply.status(), reply.headers(), length(reply.headers().first("Content-Length")));
        Mono<T> reading = Mono.defer(() -> {
            attempt.answered();
            attempt.enter(FetchPhase.BODY);
            return reader.read(head, body);
        });
        boolean mayBeCoded = request.decodes() && reply.headers().contains("Content-Encoding");
        return (mayBeCoded && Codings.accepted() == null ? Codings.loading().then(reading) : reading).doFinally(end -> {
            if (!taken.get()) {
                giveUp(reply.body());
            }
        });
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

    private static long length(@Nullable String text) {
        return text != null && text.matches("[0-9]{1,18}") ? Long.parseLong(text) : -1;
    }

    /** As a connection lends its buffers: whoever gets one need not release it. */
    private static ByteBuf lent(ByteBuf buffer) {
        byte[] bytes = ByteBufUtil.getBytes(buffer);
        buffer.release();
        return Unpooled.wrappedBuffer(bytes);
    }

    /** A body that nobody reads is cancelled, for the transport to know. */
    private static void giveUp(Flux<ByteBuf> body) {
        body.subscribe(new BaseSubscriber<>() {
            @Override
            protected void hookOnSubscribe(Subscription subscription) {
                subscription.cancel();
            }
        });
    }
}
