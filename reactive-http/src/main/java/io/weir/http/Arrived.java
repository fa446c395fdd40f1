package io.weir.http;

import io.netty.buffer.ByteBuf;
import io.weir.http.FetchContentException.Reason;
import java.util.List;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** A response whose headers are there, and what is needed to read the rest of it. */
record Arrived(
        Call<?> call,
        FetchRequest request,
        Attempt attempt,
        Wire.Head head,
        Flux<ByteBuf> body,
        Limits limits,
        List<String> codings) {

    static Arrived of(
            Call<?> call, FetchRequest request, Attempt attempt, Wire.Head head, Flux<ByteBuf> body, Limits limits) {
        List<String> codings =
                request.decodes() && hasBody(request, head.status()) ? Codings.of(head.headers()) : List.of();
        return new Arrived(call, request, attempt, head, body, limits, codings);
    }

    /** The whole response, its body within the limit. */
    Mono<FetchResponse> buffered() {
        return isCoded()
                ? Mono.using(this::streamed, content -> buffered(content.asFlux(), -1), StreamedBody::close)
                : buffered(body, contentLength());
    }

    /** The body as it comes, decoded; to be closed by the caller. */
    StreamedBody streamed() {
        return StreamedBody.of(this, isCoded() ? decoder() : BodyDecoder.identity());
    }

    /** The headers of what is given to the user: those of the coded body do not fit the decoded. */
    FetchHeaders headers() {
        return isCoded()
                ? head.headers().keep(name -> !name.equals("content-encoding") && !name.equals("content-length"))
                : head.headers();
    }

    private boolean isCoded() {
        return !codings.isEmpty();
    }

    private BodyDecoder decoder() {
        if (codings.size() > 1) {
            throw refused("the body has several content codings: " + codings, Reason.SEVERAL_CODINGS);
        }
        BodyDecoder decoder = Codings.decoder(codings.get(0));
        if (decoder == null) {
            throw refused("the body has an unknown content coding: " + codings, Reason.UNKNOWN_CODING);
        }
        return new BoundedDecoder(decoder, limits.maxExpansion(), attempt::failure);
    }

    private FetchContentException refused(String what, Reason reason) {
        return new FetchContentException(what, reason, attempt.failure(), null);
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

    /** How long the body says it is; negative where it does not, or is not that long once decoded. */
    long contentLength() {
        return hasBody(request, head.status()) && !isCoded() ? head.contentLength() : -1;
    }

    /** False where the response has no body whatever its headers say. */
    private static boolean hasBody(FetchRequest request, int status) {
        return !request.method().equals("HEAD") && status != 204 && status != 304;
    }

    private FetchResponse response(BodyBuffer buffer) {
        return new FetchResponse(
                head.status(),
                request.target(),
                call.redirects().followed(),
                headers(),
                buffer.toBytes(),
                call.worked(),
                call.waited());
    }

    private FetchLimitException tooLarge(long limit) {
        return new FetchLimitException("maxBodyBytes", limit, attempt.failure(), null);
    }
}
