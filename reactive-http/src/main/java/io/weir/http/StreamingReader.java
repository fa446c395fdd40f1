package io.weir.http;

import io.netty.buffer.ByteBuf;
import java.util.Objects;
import java.util.function.Function;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Hands a response to a user's function, and sees to it that the body ends with the function's result. */
final class StreamingReader<T> implements ResponseReader<T> {
    private final Limits limits;
    private final Function<? super FetchStream, ? extends Mono<T>> use;

    StreamingReader(Limits limits, Function<? super FetchStream, ? extends Mono<T>> use) {
        this.limits = limits;
        this.use = Objects.requireNonNull(use, "use");
    }

    @Override
    public Mono<T> read(Call<T> call, FetchRequest request, Attempt attempt, Wire.Head head, Flux<ByteBuf> body) {
        Arrived arrived = Arrived.of(call, request, attempt, head, body, limits);
        StreamedBody streamed = arrived.streamed();
        FetchStream stream = new FetchStream(arrived, streamed);
        return Mono.<T>defer(() -> Objects.requireNonNull(use.apply(stream), "the function returned null"))
                .onErrorMap(UseFailure::new)
                .flatMap(result -> streamed.finish().thenReturn(result))
                .switchIfEmpty(Mono.defer(() -> streamed.finish().then(Mono.empty())))
                .doFinally(end -> streamed.close());
    }
}
