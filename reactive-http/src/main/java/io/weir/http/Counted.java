package io.weir.http;

import io.netty.buffer.ByteBuf;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Holds a request's body to its length: with a wrong one, server and client would differ on where the request ends. */
final class Counted {
    private final long length;
    private long seen;

    Counted(long length) {
        this.length = length;
    }

    Flux<ByteBuf> check(Flux<ByteBuf> content) {
        return content.<ByteBuf>handle((buffer, sink) -> {
                    seen += buffer.readableBytes();
                    if (seen <= length) {
                        sink.next(buffer);
                    } else {
                        buffer.release();
                        sink.error(
                                new FetchRequestException("the body is longer than the " + length + " bytes it said"));
                    }
                })
                .concatWith(Mono.defer(() -> seen == length
                        ? Mono.empty()
                        : Mono.error(new FetchRequestException(
                                "the body has " + seen + " bytes and not the " + length + " it said"))));
    }
}
