package io.weir.demos.service;

import static io.weir.core.coroutine.Coroutine.await;
import static java.util.Objects.requireNonNull;

import io.weir.core.coroutine.AsyncIterator;
import io.weir.core.coroutine.Coroutine;
import io.weir.core.sync.Bracket;
import io.weir.core.task.Completion;
import io.weir.core.task.Gather;
import io.weir.core.task.Outcome;
import io.weir.core.task.TaskGroup;
import io.weir.http.FetchClient;
import io.weir.http.FetchException;
import io.weir.http.FetchResponse;
import io.weir.http.RetryPolicy;
import java.time.Duration;
import java.util.Collections;
import java.util.function.Consumer;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;

/** What a service's clients see: a request, too many at once, one that takes too long, and the service's stop. In direct style. */
final class Rehearsal {
    private final ReportService service;
    private final Consumer<String> say;

    Rehearsal(ReportService service, Consumer<String> say) {
        this.service = service;
        this.say = say;
    }

    Mono<Void> run() {
        return inDirectStyle(client -> {
                    show(client, "/health");
                    show(client, "/reports/50");
                    show(client, "/reports/soon");
                })
                .then(inDirectStyle(this::overload))
                .then(inDirectStyle(client -> show(client, "/reports/60000")))
                .then(inDirectStyle(this::gracefulStop));
    }

    /** Each scene has clients of its own, and so new connections. */
    private static Mono<Void> inDirectStyle(Consumer<FetchClient> scene) {
        return Bracket.using(
                Mono.fromSupplier(() -> FetchClient.builder()
                        .maxPerHost(20)
                        .retry(RetryPolicy.none())
                        .build()),
                client -> Coroutine.async(() -> {
                    scene.accept(client);
                    return null;
                }),
                FetchClient::closeLater);
    }

    private void show(FetchClient client, String path) {
        FetchResponse response = requireNonNull(await(get(client, path)));
        say.accept("GET %s: %d %s".formatted(path, response.status(), response.text()));
    }

    /** Two are made, two wait, the others are told at once to come again. Clients that go away take their requests with them. */
    private void overload(FetchClient client) {
        say.accept("eight at once:");
        Flux<Completion<FetchResponse>> eight =
                Gather.asCompleted(Collections.nCopies(8, get(client, "/reports/60000")));
        try (AsyncIterator<Completion<FetchResponse>> answers = Coroutine.iterate(eight)) {
            for (int refused = 0; refused < 4; refused++) {
                say.accept("  " + told(answers.next().outcome()));
            }
            await(load(client, 2, 2));
        }
        await(load(client, 0, 0));
    }

    private static String told(Outcome<FetchResponse> outcome) {
        return outcome instanceof Outcome.Success<FetchResponse> answer
                ? answer.value().status() + ", again in " + answer.value().header("Retry-After") + " s"
                : outcome.toString();
    }

    private void gracefulStop(FetchClient client) {
        await(TaskGroup.using(group -> {
            group.start("short", answered(client, "/reports/800"));
            group.start("long", answered(client, "/reports/60000"));
            return load(client, 2, 0)
                    .then(Mono.fromRunnable(() -> say.accept("stop")))
                    .then(service.stop());
        }));
        say.accept("stopped");
        await(answered(client, "/health"));
    }

    /** Asks for the load until it is so. */
    private Mono<Void> load(FetchClient client, int made, int waiting) {
        return get(client, "/load")
                .map(response -> response.json(JsonNode.class).at("/pool"))
                .filter(pool ->
                        pool.at("/active").asInt() == made && pool.at("/queued").asInt() == waiting)
                .repeatWhenEmpty(500, tries -> tries.delayElements(Duration.ofMillis(10)))
                .doOnNext(pool -> say.accept("load: %d are made, %d wait".formatted(made, waiting)))
                .then();
    }

    private Mono<Void> answered(FetchClient client, String path) {
        return get(client, path)
                .map(response -> response.status() + " " + response.text())
                .onErrorResume(FetchException.class, error -> Mono.just("no answer"))
                .doOnNext(answer -> say.accept("GET " + path + ": " + answer))
                .then();
    }

    private Mono<FetchResponse> get(FetchClient client, String path) {
        return client.fetch(service.url() + path);
    }
}
