package io.weir.http;

import io.netty.buffer.ByteBuf;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Sends one request over one connection: no gate, no redirects, no limits on the body, no time but what it reports. */
interface Wire {
    /**
     * Emits what the reader made of the response, once the connection is free again. Tells the attempt of each phase and of
     * what was sent. Cancel, and an error of the reader, close the connection. Errors are {@link FetchException}s, or the
     * reader's own.
     */
    <T> Mono<T> exchange(FetchRequest request, Attempt attempt, Reader<T> reader);

    /** How many connections are open or being opened, idle ones included. */
    default int open() {
        return 0;
    }

    /** How many are kept for a next request. */
    default int idle() {
        return 0;
    }

    /** Lets go of what is kept for a host of which no request is left, if it has no connection either. */
    default void forgetIfUnconnected(String host) {}

    /** Closes all connections. */
    default Mono<Void> closeLater() {
        return Mono.empty();
    }

    /** What a response starts with; {@code contentLength} is negative where it is not known. */
    record Head(int status, FetchHeaders headers, long contentLength) {}

    /** Reads a response. */
    @FunctionalInterface
    interface Reader<T> {
        /** The body may be subscribed to once; a chunk is released when {@code onNext} returns. */
        Mono<T> read(Head head, Flux<ByteBuf> body);
    }
}
