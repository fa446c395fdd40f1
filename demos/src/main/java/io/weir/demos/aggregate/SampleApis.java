package io.weir.demos.aggregate;

import io.weir.demos.web.LocalServer;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import reactor.core.publisher.Mono;
import reactor.netty.http.server.HttpServerResponse;
import reactor.netty.http.server.HttpServerRoutes;

/** Four APIs in this process: one that answers, one that is busy at first, one that is slow, and one that fails. */
final class SampleApis {
    private SampleApis() {}

    static Mono<LocalServer> start() {
        return Mono.defer(() -> LocalServer.start(0, new SampleApis()::routes));
    }

    static Map<String, String> parts(LocalServer server) {
        Map<String, String> parts = new LinkedHashMap<>();
        for (String name : new String[] {"weather", "rates", "news", "stock"}) {
            parts.put(name, server.url() + "/" + name);
        }
        return parts;
    }

    private final AtomicInteger askedForRates = new AtomicInteger();

    private void routes(HttpServerRoutes routes) {
        routes.get("/weather", (request, response) -> json(response, "{\"sky\": \"clear\", \"celsius\": 21}"))
                .get("/rates", (request, response) -> rates(response))
                .get(
                        "/news",
                        (request, response) ->
                                Mono.delay(Duration.ofSeconds(20)).then(json(response, "[]")))
                .get("/stock", (request, response) -> response.status(500).send());
    }

    private Mono<Void> rates(HttpServerResponse response) {
        return askedForRates.getAndIncrement() == 0
                ? response.status(503).send()
                : json(response, "{\"crowns\": 24.5}");
    }

    private static Mono<Void> json(HttpServerResponse response, String text) {
        return response.header("Content-Type", "application/json")
                .sendString(Mono.just(text))
                .then();
    }
}
