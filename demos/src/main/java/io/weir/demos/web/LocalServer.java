package io.weir.demos.web;

import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.util.concurrent.GlobalEventExecutor;
import io.weir.core.offload.Offload;
import java.time.Duration;
import java.util.function.Consumer;
import reactor.core.publisher.Mono;
import reactor.netty.DisposableServer;
import reactor.netty.FutureMono;
import reactor.netty.http.server.HttpServer;
import reactor.netty.http.server.HttpServerRoutes;

/** A server of Reactor Netty on the loopback address, and how it ends well. */
public final class LocalServer {
    private final DisposableServer server;
    private final ChannelGroup connections;

    private LocalServer(DisposableServer server, ChannelGroup connections) {
        this.server = server;
        this.connections = connections;
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
                    .map(server -> new LocalServer(server, connections));
        });
    }

    /** {@return where it listens, without a slash at the end} */
    public String url() {
        return "http://127.0.0.1:" + server.port();
    }

    /**
     * Stops it: accepts no more connections, closes those that are idle, waits for the answers under way, and closes what is left.
     *
     * @param longest how long to wait for the answers
     * @return the end
     */
    public Mono<Void> stop(Duration longest) {
        return Offload.blocking(() -> {
                    server.disposeNow(longest);
                    return null;
                })
                // It is thrown where some were not done in time.
                .onErrorComplete(IllegalStateException.class)
                .then(FutureMono.deferFuture(connections::close));
    }
}
