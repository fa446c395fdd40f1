package io.weir.http;

import io.netty.buffer.ByteBuf;
import java.util.Objects;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * What a client sends its requests through, where that is not a network: the one seam at which tests, and all who answer
 * requests in another way, can take its place. Limits, the gate, time-outs, redirects, content codings and errors stay the
 * client's and are the same; {@link FetchClientBuilder#transport} sets it.
 */
@FunctionalInterface
public interface FetchTransport {
    /**
     * Sends one request, once for each subscription, and emits what comes back as soon as its headers are there. Called with
     * the request of each hop; the headers that the client adds on the wire are not among its own.
     *
     * <p>May signal on any thread that may be blocked by nobody. Cancel gives up the request; the end of the body, or its
     * cancel, gives up the response.
     *
     * <p>Errors are told as the network's: an {@link java.net.UnknownHostException} or {@link java.net.ConnectException} as
     * {@link FetchConnectException}, any other {@link java.io.IOException} as {@link FetchDisconnectedException}. Others are
     * the error of the fetch as they are.
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
