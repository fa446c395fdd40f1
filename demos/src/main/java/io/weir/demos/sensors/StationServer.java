package io.weir.demos.sensors;

import io.weir.demos.page.Page;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;

/** Serves the page, and the windows as events: {@code /windows}. */
final class StationServer {
    private final Station station;

    StationServer(Station station) {
        this.station = station;
    }

    /** Emits it when it listens. */
    Mono<? extends DisposableServer> start(String host, int port) {
        return Page.of(StationServer.class)
                .flatMap(page -> HttpServer.create()
                        .host(host)
                        .port(port)
                        .route(routes -> routes.get("/", (request, response) -> page.sendTo(response))
                                .get(
                                        "/windows",
                                        (request, response) -> response.sse().sendString(events())))
                        .bind());
    }

    /** The comment at the beginning tells the other side that it is connected. */
    private Flux<String> events() {
        return Flux.concat(
                Flux.just(": welcome\n\n"),
                station.windows().map(window -> "id: " + window.number() + "\ndata: " + window.json() + "\n\n"));
    }
}
