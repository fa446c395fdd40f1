package io.weir.http;

import java.util.Objects;
import java.util.function.Function;
import reactor.core.publisher.Mono;

/** Hands a response to a user's function, and sees to it that the body ends with the function's result. */
record Streaming<T>(Function<? super FetchStream, ? extends Mono<T>> use) implements Reading<T> {
    Streaming {
        Objects.requireNonNull(use, "use");
    }

    @Override
    public Mono<T> read(Arrived arrived) {
        StreamedBody body = StreamedBody.of(arrived, BodyDecoder.identity());
        FetchStream stream = new FetchStream(arrived, body);
        return Mono.<T>defer(() -> Objects.requireNonNull(use.apply(stream), "the function returned null"))
                .onErrorMap(UseFailure::new)
                .flatMap(result -> body.finish().thenReturn(result))
                .switchIfEmpty(Mono.defer(() -> body.finish().then(Mono.empty())))
                .doFinally(end -> body.close());
    }
}
