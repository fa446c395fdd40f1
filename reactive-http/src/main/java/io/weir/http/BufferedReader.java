package io.weir.http;

import io.netty.buffer.ByteBuf;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Reads a whole body, within its limit, into a {@link FetchResponse}. */
final class BufferedReader implements ResponseReader<FetchResponse> {
    private final Limits limits;

    BufferedReader(Limits limits) {
        this.limits = limits;
    }

    @Override
    public Mono<FetchResponse> read(
            Call<FetchResponse> call, FetchRequest request, Attempt attempt, Wire.Head head, Flux<ByteBuf> body) {
        return Arrived.of(call, request, attempt, head, body, limits).buffered();
    }

    @Override
    public boolean isRepeatable() {
        return true;
    }
}
