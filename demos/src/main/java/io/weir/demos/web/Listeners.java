package io.weir.demos.web;

import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BiFunction;
import java.util.stream.IntStream;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import reactor.netty.ChannelBindException;
import reactor.netty.DisposableServer;
import reactor.netty.FutureMono;
import reactor.netty.http.server.HttpServer;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;
import reactor.netty.resources.LoopResources;

/** The listening sockets of a web, and the one daemon thread that serves them all. */
final class Listeners {
    /** Longer than the longest URL of the web. */
    private static final int LONGEST_REQUEST_LINE = 16_384;

    private static final Duration LONGEST_SHUTDOWN = Duration.ofSeconds(5);

    private final LoopResources loop = LoopResources.create("weir-test-web", 1, true);
    private final List<DisposableServer> servers = new CopyOnWriteArrayList<>();

    /** Closes at once what is added after it was closed. Ending the thread does not close connections reliably. */
    private final ChannelGroup connections =
            new DefaultChannelGroup("weir-test-web", loop.onServer(true).next(), true);

    private final HttpServer server;

    Listeners(BiFunction<HttpServerRequest, HttpServerResponse, Publisher<Void>> handler) {
        server = HttpServer.create()
                .runOn(loop)
                .httpRequestDecoder(spec -> spec.maxInitialLineLength(LONGEST_REQUEST_LINE))
                .doOnChannelInit((observer, channel, remote) -> connections.add(channel))
                .handle(handler);
    }

    /** Time for the handlers; runs on the thread that serves. */
    Scheduler timer() {
        return Schedulers.fromExecutorService(loop.onServer(true).next());
    }

    /** Listens for so many hosts; emits where each of them is. */
    Mono<List<Origin>> bind(Addressing addressing, int hosts) {
        int sockets = addressing == Addressing.VIRTUAL_HOSTS ? 1 : hosts;
        return bind(Origin.address(addressing, 0), 0)
                .flatMapMany(port -> Flux.concat(
                        Mono.just(port),
                        Flux.range(1, sockets - 1)
                                .flatMapSequential(host -> bindLike(port, Origin.address(addressing, host)))))
                .collectList()
                .map(ports -> IntStream.range(0, hosts)
                        .mapToObj(host -> new Origin(
                                Origin.name(addressing, host),
                                Origin.address(addressing, host),
                                ports.get(host % ports.size())))
                        .toList());
    }

    /** The same port at another address or, where somebody has that one, any. */
    Mono<Integer> bindLike(int port, InetAddress address) {
        return bind(address, port).onErrorResume(ChannelBindException.class, taken -> bind(address, 0));
    }

    private Mono<Integer> bind(InetAddress address, int port) {
        return server.bindAddress(() -> new InetSocketAddress(address, port))
                .bind()
                .map(bound -> {
                    servers.add(bound);
                    return bound.port();
                });
    }

    /** Closes every socket, open connections too, and ends the thread. */
    Mono<Void> close() {
        return Flux.fromIterable(servers)
                .flatMap(bound -> Mono.fromRunnable(bound::dispose).then(bound.onDispose()))
                .then(FutureMono.deferFuture(connections::close))
                .then(loop.disposeLater(Duration.ZERO, LONGEST_SHUTDOWN));
    }
}
