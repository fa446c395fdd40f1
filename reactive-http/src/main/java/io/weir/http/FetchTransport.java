package io.weir.http;

import io.netty.buffer.ByteBuf;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Sends one request over one connection: no gate, no redirects, no limits on the body, no time but what it reports. */
interface FetchTransport {
    /**
     * Emits what the reader made of the response, once the connection is free again. Tells the attempt of each phase and of
     * what was sent. Cancel, and an error of the reader, close the connection. Errors are {@link FetchException}s, or the
     * reader's own.
     */
    <T> Mono<T> exchange(FetchRequest request, Attempt attempt, Reader<T> reader);

    /** What a response starts with; {@code contentLength} is negative where it is not known. */
    record Head(int status, FetchHeaders headers, long contentLength) {}

    /** Reads a response. */
    @FunctionalInterface
    interface Reader<T> {
        /** The body may be subscribed to once; a chunk is released when {@code onNext} returns. */
        Mono<T> read(Head head, Flux<ByteBuf> body);
    }
}
