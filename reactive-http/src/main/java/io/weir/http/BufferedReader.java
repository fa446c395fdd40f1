package io.weir.http;

import io.netty.buffer.ByteBuf;
import java.time.Duration;
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
            Call<FetchResponse> call,
            FetchRequest request,
            Attempt attempt,
            FetchTransport.Head head,
            Flux<ByteBuf> body) {
        long limit = request.maxBodyBytesOr(limits.maxBodyBytes());
        boolean empty = request.method().equals("HEAD") || head.status() == 204 || head.status() == 304;
        if (!empty && head.contentLength() > limit) {
            return Mono.error(tooLarge(limit, attempt));
        }
        return body.collect(() -> new BodyBuffer(limit, empty ? -1 : head.contentLength()), (buffer, chunk) -> {
                    if (!buffer.append(chunk)) {
                        throw tooLarge(limit, attempt);
                    }
                })
                .map(buffer -> response(call, request, head, buffer));
    }

    @Override
    public boolean isRepeatable() {
        return true;
    }

    private static FetchResponse response(
            Call<FetchResponse> call, FetchRequest request, FetchTransport.Head head, BodyBuffer buffer) {
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

    private static FetchLimitException tooLarge(long limit, Attempt attempt) {
        return new FetchLimitException("maxBodyBytes", limit, attempt.failure(), null);
    }
}
