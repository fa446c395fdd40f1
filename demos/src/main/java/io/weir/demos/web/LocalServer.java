package io.weir.demos.web;

import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.util.concurrent.GlobalEventExecutor;
import io.weir.core.offload.Offload;
import java.time.Duration;
import java.util.function.Consumer;
import reactor.core.publisher.Mono;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;
import reactor.netty.http.server.HttpServerRoutes;

/** A server of Reactor Netty on the loopback address, and how it ends well. */
public final class LocalServer {
    private final DisposableServer server;

    private LocalServer(DisposableServer server) {
        this.server = server;
    }

    /**
     * Starts one.
     *
     * @param port where to listen; 0 for any that is free
     * @param routes what it answers
     * @return the server, listening; an error where the port cannot be had
     */
    public static Mono<LocalServer> start(int port, Consumer<? super HttpServerRoutes> routes) {
        return Mono.defer(() -> {
            // With the group, the server knows which of its connections answer a request when it is to end.
            ChannelGroup connections = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);
            return HttpServer.create()
                    .host("127.0.0.1")
                    .port(port)
                    .channelGroup(connections)
                    .route(routes)
                    .bind()
                    .map(LocalServer::new);
        });
    }

    /** {@return where it listens, without a slash at the end} */
    public String url() {
        return "http://127.0.0.1:" + server.port();
    }

    /**
     * Stops it: accepts no more connections, closes those that are idle, and waits for the answers under way.
     *
     * @param longest how long to wait for these
     * @return the end; an error if some were not done by then
     */
    public Mono<Void> stop(Duration longest) {
        return Offload.blocking(() -> {
            server.disposeNow(longest);
            return null;
        });
    }
}
