package io.weir.demos.load;

import io.weir.core.task.Gather;
import io.weir.http.FetchClient;
import io.weir.http.FetchException;
import io.weir.http.FetchResponse;
import java.time.Duration;
import java.util.Collections;
import java.util.function.Consumer;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Sends one URL's requests, in either way. */
final class LoadTest {
    private final FetchClient client;
    private final String url;
    private final int connections;
    private final Duration duration;
    private final Consumer<Measurement> begins;

    /** @param begins is given each measurement when it begins, and can read it while it goes on */
    LoadTest(FetchClient client, String url, int connections, Duration duration, Consumer<Measurement> begins) {
        this.client = client;
        this.url = url;
        this.connections = connections;
        this.duration = duration;
        this.begins = begins;
    }

    /**
     * As many clients that know nothing of each other: a request is due every so often, whatever became of those before. As
     * many requests as there are connections are held, each until it is due; where all are taken, the next one is late, and its
     * latency counts from when it was due.
     */
    Mono<Measurement> openLoop(int rate) {
        return Mono.defer(() -> {
            Measurement all =
                    new Measurement("open loop: %,d/s over %d connections".formatted(rate, connections), true);
            begins.accept(all);
            long began = System.nanoTime();
            long count = rate * duration.toMillis() / 1000;
            return Flux.range(0, (int) count)
                    .flatMap(
                            i -> {
                                long due = began + i * 1_000_000_000L / rate;
                                return Mono.delay(Duration.ofNanos(due - System.nanoTime()))
                                        .then(once(all, due));
                            },
                            connections)
                    .then(Mono.just(all));
        });
    }

    /** As a batch job does: each connection sends its next request when it has the answer to the last. */
    Mono<Measurement> closedLoop() {
        return Mono.defer(() -> {
            Measurement all = new Measurement("closed loop: %d connections".formatted(connections), false);
            begins.accept(all);
            long end = System.nanoTime() + duration.toNanos();
            Mono<Void> connection = Mono.defer(() -> once(all, System.nanoTime()))
                    .repeat(() -> System.nanoTime() < end)
                    .then();
            return Gather.failFast(Collections.nCopies(connections, connection)).thenReturn(all);
        });
    }

    private Mono<Void> once(Measurement all, long due) {
        return Mono.defer(() -> {
            long start = System.nanoTime();
            return client.fetch(url)
                    .map(FetchResponse::status)
                    .map(status -> "status " + status)
                    .onErrorResume(FetchException.class, error -> Mono.just("failed in " + error.phase()))
                    .doOnNext(end -> all.add(end, due, start))
                    .then();
        });
    }
}
