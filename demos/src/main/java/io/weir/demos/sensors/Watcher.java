package io.weir.demos.sensors;

import io.weir.http.FetchClient;
import io.weir.http.FetchRequest;
import java.util.List;
import reactor.core.publisher.Mono;

/** Two who watch a station: one over HTTP, as a browser does, and a slow one. */
final class Watcher {
    private static final String DATA = "data: ";

    private Watcher() {}

    /** Emits the data of all events, when they have ended. */
    static Mono<List<String>> overHttp(FetchClient client, int port, Runnable connected) {
        return client.exchange(
                FetchRequest.get("http://127.0.0.1:" + port + "/windows"),
                stream -> stream.lines()
                        .doOnNext(line -> {
                            if (line.startsWith(":")) {
                                connected.run();
                            }
                        })
                        .filter(line -> line.startsWith(DATA))
                        .map(line -> line.substring(DATA.length()))
                        .collectList());
    }

    /** Emits what it has seen. It asks for one window at a time, and after each it is busy until {@code free} completes. */
    static Mono<List<Window>> slow(Station station, Mono<Void> free) {
        return station.windows().concatMap(window -> free.thenReturn(window), 0).collectList();
    }
}
