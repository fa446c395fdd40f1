package io.weir.http;

import io.netty.buffer.ByteBuf;
import java.util.Objects;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * What a client sends its requests through in place of the network: the one seam at which tests, and all who answer requests
 * in another way, come in. Limits, the gate, time-outs, retries, redirects, content codings and errors stay the client's and
 * are the same; {@link FetchClientBuilder#transport} sets it.
 */
@FunctionalInterface
public interface FetchTransport {
    /**
     * Sends one request, and emits what comes back as soon as its headers are there. Called for each hop and each repetition;
     * the headers that the client adds on the wire are not among the request's own.
     *
     * <p>Cold: each subscription sends once. It may signal on any thread that must not be blocked.
     *
     * <p>Cancel gives up the request. A reply's body is subscribed to, at once where it is to be read, and only to be
     * cancelled where nobody wants it: its end, or its cancel, is the end of the exchange.
     *
     * <p>Errors are told as the network's: an {@link java.net.UnknownHostException}, a {@link java.net.ConnectException} and an
     * {@link javax.net.ssl.SSLException} as {@link FetchConnectException}, of a request that was not sent; any other {@link
     * java.io.IOException} as {@link FetchDisconnectedException}, of one that may have been. Others are the error of the fetch
     * as they are.
     *
     * <p>Bounds: what the client's gate lets through runs at once, and its time-outs cancel.
     *
     * @param request what to send
     * @return one reply
     */
    Mono<Reply> send(FetchRequest request);

    /**
     * What comes back.
     *
     * @param status the status, from 200 to 999
     * @param headers the headers
     * @param body the body as it comes, subscribed to once at most; its buffers are released by the client
     */
    record Reply(int status, FetchHeaders headers, Flux<ByteBuf> body) {
        /**
         * Checks that nothing is missing.
         *
         * @param status the status, from 200 to 999
         * @param headers the headers
         * @param body the body as it comes
         * @throws IllegalArgumentException if the status is none of a final response
         */
        public Reply {
            Objects.requireNonNull(headers, "headers");
            Objects.requireNonNull(body, "body");
            if (status < 200 || status > 999) {
                throw new IllegalArgumentException("a final response has a status from 200 to 999: " + status);
            }
        }
    }
}
