package io.weir;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.core.debug.Diagnostics;
import io.weir.core.debug.DiagnosticsOptions;
import io.weir.core.debug.Report;
import io.weir.core.debug.Report.HoggedThread;
import io.weir.http.FetchClient;
import io.weir.http.FetchResponse;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;
import reactor.netty.resources.LoopResources;

/** The event loops of a client and of a server. Stands outside of Weir's packages, as a user does. */
class HoggedLoopTest {
    private final BlockingQueue<Report> told = new LinkedBlockingQueue<>();
    private volatile boolean heard;

    private final LoopResources loops = LoopResources.create("served", 1, true);
    private final DisposableServer server = HttpServer.create()
            .runOn(loops)
            .host("127.0.0.1")
            .port(0)
            .route(routes -> routes.get("/quick", (request, response) -> response.sendString(Mono.just("ok")))
                    .get("/slow", (request, response) -> response.sendString(Mono.fromCallable(() -> hog("ok")))))
            .bindNow();
    private final String url = "http://127.0.0.1:" + server.port();

    @BeforeEach
    void enable() {
        Diagnostics.enable(DiagnosticsOptions.defaults().withListener(report -> {
            told.add(report);
            heard = true;
        }));
    }

    @AfterEach
    void disable() {
        Diagnostics.disable();
        server.disposeNow();
        loops.disposeLater(Duration.ZERO, Duration.ofSeconds(5)).block();
    }

    /** Computes until that is told. */
    private <T> T hog(T value) {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(2);
        while (!heard && System.nanoTime() - end < 0) {
            Math.sin((double) end);
        }
        return value;
    }

    /** Some may be over before the thread of their loop is known. */
    private HoggedThread toldWhile(Mono<String> fetch) throws InterruptedException {
        for (int i = 0; i < 10 && told.isEmpty(); i++) {
            assertThat(fetch.block()).isEqualTo("ok");
        }
        return (HoggedThread) told.poll(30, TimeUnit.SECONDS);
    }

    @Test
    void aClientsIsWatchedByItself() throws InterruptedException {
        try (FetchClient client = FetchClient.create()) {
            HoggedThread report = toldWhile(
                    client.fetch(url + "/quick").map(FetchResponse::text).map(this::hog));
            assertThat(report.thread()).startsWith("weir-http-");
            assertThat(report.site().getMethodName()).isEqualTo("hog");
            assertThat(Diagnostics.dump()).contains("weir-http (");
        }
    }

    @Test
    void aServersIsWatchedWhenItIsGiven() throws InterruptedException {
        List<Disposable> watches = StreamSupport.stream(loops.onServer(true).spliterator(), false)
                .map(loop -> Diagnostics.watch("served", loop))
                .toList();
        try (FetchClient client = FetchClient.create()) {
            HoggedThread report = toldWhile(client.fetch(url + "/slow").map(FetchResponse::text));
            assertThat(report.thread()).startsWith("served-");
            assertThat(report.site().getMethodName()).isEqualTo("hog");
        } finally {
            watches.forEach(Disposable::dispose);
        }
    }
}
