package io.weir.http;

import io.netty.buffer.ByteBuf;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Makes of the last response, the one that is neither followed nor asked for again, what the fetch emits. */
@FunctionalInterface
interface ResponseReader<T> {
    /** The body may be subscribed to once; a chunk is released when {@code onNext} returns. */
    Mono<T> read(Call<T> call, FetchRequest request, Attempt attempt, Wire.Head head, Flux<ByteBuf> body);

    /** Whether a request may be sent again after this has begun to read: only where nobody has seen anything of it. */
    default boolean isRepeatable() {
        return false;
    }
}
