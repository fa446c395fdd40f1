package io.weir.http;

import io.netty.buffer.ByteBuf;
import java.time.Duration;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** A response whose headers are there, and what is needed to read the rest of it. */
record Arrived(
        Call<?> call,
        FetchRequest request,
        Attempt attempt,
        FetchTransport.Head head,
        Flux<ByteBuf> body,
        Limits limits) {

    /** The whole response, its body within the limit. */
    Mono<FetchResponse> buffered() {
        return buffered(body, contentLength());
    }

    /** The same of a body that comes another way. */
    Mono<FetchResponse> buffered(Flux<ByteBuf> content, long length) {
        long limit = request.maxBodyBytesOr(limits.maxBodyBytes());
        if (length > limit) {
            return Mono.error(tooLarge(limit));
        }
        return content.collect(() -> new BodyBuffer(limit, length), (buffer, chunk) -> {
                    if (!buffer.append(chunk)) {
                        throw tooLarge(limit);
                    }
                })
                .map(this::response);
    }

    /** How long the body says it is; negative where it does not, or where there is none. */
    long contentLength() {
        return hasBody() ? head.contentLength() : -1;
    }

    /** False where the response has no body whatever its headers say. */
    private boolean hasBody() {
        return !request.method().equals("HEAD") && head.status() != 204 && head.status() != 304;
    }

    private FetchResponse response(BodyBuffer buffer) {
        Duration took = call.elapsed().minus(call.waited());
        return new FetchResponse(
                head.status(),
                request.target(),
                call.redirects().followed(),
                head.headers(),
                buffer.toBytes(),
                took.isNegative() ? Duration.ZERO : took, // a hedge waits while the other works
                call.waited());
    }

    private FetchLimitException tooLarge(long limit) {
        return new FetchLimitException("maxBodyBytes", limit, attempt.failure(), null);
    }
}
