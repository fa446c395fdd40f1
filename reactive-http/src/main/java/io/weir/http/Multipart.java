package io.weir.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.UUID;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Puts parts together with a boundary nobody could foresee, as RFC 7578 says. */
final class Multipart {
    private Multipart() {}

    static FetchBody of(List<FetchPart> parts) {
        if (parts.isEmpty()) {
            throw new FetchRequestException("a form has no parts");
        }
        String boundary = "weir-" + UUID.randomUUID();
        byte[] before = bytes("--" + boundary + "\r\n");
        byte[] after = bytes("\r\n");
        byte[] end = bytes("--" + boundary + "--\r\n");
        Mono<Long> length = Flux.fromIterable(parts)
                .concatMap(part -> part.body()
                        .length()
                        .map(own -> own < 0 ? -1 : before.length + part.head().length + own + after.length))
                .reduce((long) end.length, (sum, own) -> sum < 0 || own < 0 ? -1 : sum + own);
        Flux<ByteBuf> content = Flux.fromIterable(parts)
                .concatMap(
                        part -> Flux.concat(
                                piece(before), piece(part.head()), part.body().content(-1), piece(after)),
                        0)
                .concatWith(piece(end));
        boolean repeatable = parts.stream().allMatch(part -> part.body().isRepeatable());
        return FetchBody.streamed(length, content, repeatable, "multipart/form-data; boundary=" + boundary);
    }

    private static Mono<ByteBuf> piece(byte[] bytes) {
        return Mono.fromSupplier(() -> Unpooled.wrappedBuffer(bytes));
    }

    private static byte[] bytes(String ascii) {
        return ascii.getBytes(StandardCharsets.US_ASCII);
    }
}
