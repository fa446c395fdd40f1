package io.weir.demos.page;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.weir.core.offload.Offload;
import java.io.InputStream;
import java.util.Objects;
import reactor.core.publisher.Mono;
import reactor.netty.NettyOutbound;
import reactor.netty.http.server.HttpServerResponse;

/** A page of one file, {@code page.html} beside the class it belongs to, with its style and its script in it. */
public final class Page {
    private static final String NOTHING_FROM_ELSEWHERE =
            "default-src 'none'; connect-src 'self'; img-src data:; style-src 'unsafe-inline'; script-src 'unsafe-inline'";

    private final byte[] html;

    private Page(byte[] html) {
        this.html = html;
    }

    /**
     * Reads it, on a worker: a class path is files, which are no work for an event loop.
     *
     * @param owner the class beside which it lies
     * @return the page
     */
    public static Mono<Page> of(Class<?> owner) {
        return Offload.blocking(() -> {
            try (InputStream html = owner.getResourceAsStream("page.html")) {
                return new Page(Objects.requireNonNull(html, "no page.html").readAllBytes());
            }
        });
    }

    /**
     * Answers with it.
     *
     * @param response to a request for it
     * @return to be subscribed
     */
    public NettyOutbound sendTo(HttpServerResponse response) {
        return response.header(HttpHeaderNames.CONTENT_TYPE, "text/html; charset=utf-8")
                .header(HttpHeaderNames.CONTENT_SECURITY_POLICY, NOTHING_FROM_ELSEWHERE)
                .header(HttpHeaderNames.CACHE_CONTROL, "no-store")
                .sendByteArray(Mono.just(html));
    }
}
