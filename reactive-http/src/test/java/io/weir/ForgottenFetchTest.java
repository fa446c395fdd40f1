package io.weir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.util.ReferenceCountUtil;
import io.weir.core.coroutine.Coroutine;
import io.weir.core.debug.Diagnostics;
import io.weir.core.debug.DiagnosticsOptions;
import io.weir.core.debug.Report.NeverSubscribed;
import io.weir.core.sync.AsyncQueue;
import io.weir.core.task.Gather;
import io.weir.core.task.TaskGroup;
import io.weir.files.AsyncFiles;
import io.weir.http.FetchClient;
import io.weir.http.FetchException;
import io.weir.http.FetchRequest;
import io.weir.http.FetchResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;

/** Of all that Weir makes for itself, nothing is told. Stands outside of Weir's packages, as a user does. */
class ForgottenFetchTest {
    private final BlockingQueue<NeverSubscribed> told = new LinkedBlockingQueue<>();
    private final DiagnosticsOptions options = DiagnosticsOptions.defaults().withListener(report -> {
        if (report instanceof NeverSubscribed never) {
            told.add(never);
        }
    });
    private final DisposableServer server = HttpServer.create()
            .host("127.0.0.1")
            .port(0)
            .route(routes -> routes.get("/ok", (request, response) -> response.sendString(Mono.just("one\ntwo")))
                    .get("/moved", (request, response) -> response.sendRedirect("/ok"))
                    .get("/busy", (request, response) -> response.status(503).send())
                    .post(
                            "/echo",
                            (request, response) ->
                                    response.send(request.receive().retain())))
            .bindNow();
    private final String url = "http://127.0.0.1:" + server.port();

    @BeforeEach
    void enable() {
        Diagnostics.enable(options);
    }

    @AfterEach
    void stop() {
        Diagnostics.disable();
        server.disposeNow();
    }

    private NeverSubscribed next() throws InterruptedException {
        for (int i = 0; i < 300; i++) {
            System.gc();
            NeverSubscribed report = told.poll(100, TimeUnit.MILLISECONDS);
            if (report != null) {
                return report;
            }
        }
        throw new AssertionError("nothing was told");
    }

    /** By the time a second one is told, which was dropped after the first was told, all that was garbage before has been looked at. */
    private void nothingIsTold() throws InterruptedException {
        AsyncQueue<Integer> queue = AsyncQueue.unbounded();
        queue.put(-1);
        assertThat(next().message()).contains("nothingIsTold");
        queue.put(-2);
        assertThat(next().message()).contains("nothingIsTold");
        assertThat(told).isEmpty();
    }

    @Test
    void aFetchThatIsDroppedIsTold() throws InterruptedException {
        try (FetchClient client = FetchClient.create()) {
            client.fetch(url + "/ok");
            assertThat(next().message()).startsWith("Mono made by FetchClient.fetch at io.weir.ForgottenFetchTest.");
            client.fetch(url + "/ok").map(FetchResponse::text);
            assertThat(next().message()).startsWith("Mono made by FetchClient.fetch, then Mono.map, at ");
        }
    }

    @Test
    void aReadThatIsDroppedIsTold() throws InterruptedException {
        AsyncFiles.readString(Path.of("nowhere"));
        assertThat(next().message()).startsWith("Mono made by AsyncFiles.readString at io.weir.ForgottenFetchTest.");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void whatAClientMakesForItselfIsNot(boolean allOperators) throws InterruptedException {
        Diagnostics.enable(allOperators ? options.withAllOperators() : options);
        try (FetchClient client = FetchClient.create()) {
            assertThat(client.fetch(url + "/moved").block().text()).isEqualTo("one\ntwo");
            assertThat(client.fetch(url + "/busy").block().status()).isEqualTo(503);
            byte[] body = "sent".getBytes(StandardCharsets.UTF_8);
            assertThat(client.fetch(FetchRequest.post(url + "/echo", body))
                            .block()
                            .text())
                    .isEqualTo("sent");
            assertThat(client.exchange(
                                    FetchRequest.get(url + "/ok"),
                                    response -> response.lines().count())
                            .block())
                    .isEqualTo(2);
            assertThatThrownBy(() -> client.fetch(FetchRequest.get(url + "/ok").timeout(Duration.ofNanos(1)))
                            .block())
                    .isInstanceOf(FetchException.class);
            FetchRequest.post(url + "/echo", body); // no publisher, and cheap
        }
        nothingIsTold();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void whatFilesTasksAndCoroutinesMakeForThemselvesIsNot(boolean allOperators, @TempDir Path folder)
            throws InterruptedException {
        Diagnostics.enable(allOperators ? options.withAllOperators() : options);
        Path file = folder.resolve("letters");
        AsyncFiles.writeLines(file, Flux.just("one", "two")).block();
        assertThat(AsyncFiles.lines(file).take(1).collectList().block()).containsExactly("one");
        AsyncFiles.read(file).doOnNext(ReferenceCountUtil::release).blockLast();
        TaskGroup.failFast()
                .using(group -> {
                    group.start("waits", Mono.never()).cancel();
                    return group.start("works", Mono.just(1)).join();
                })
                .block();
        Gather.firstSuccess(List.of(Mono.just(1), Mono.never())).block();
        Coroutine.async(() -> Coroutine.await(Mono.just(1))).block();
        Coroutine.<Integer>generate(out -> out.yield(1)).take(1).blockLast();
        nothingIsTold();
    }
}
