package io.weir.demos.service;

import static io.weir.core.coroutine.Coroutine.await;
import static java.util.Objects.requireNonNull;

import io.weir.core.coroutine.Coroutine;
import io.weir.core.sync.Bracket;
import io.weir.core.task.Gather;
import io.weir.core.task.Task;
import io.weir.core.task.TaskGroup;
import io.weir.http.FetchClient;
import io.weir.http.FetchException;
import io.weir.http.FetchResponse;
import io.weir.http.RetryPolicy;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
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
        return Bracket.using(
                Mono.fromSupplier(() -> FetchClient.builder()
                        .maxPerHost(20)
                        .retry(RetryPolicy.none())
                        .build()),
                client -> Coroutine.async(() -> {
                    show(client, "/health");
                    show(client, "/reports/50");
                    show(client, "/reports/soon");
                    overload(client);
                    show(client, "/reports/60000");
                    gracefulStop(client);
                    return null;
                }),
                FetchClient::closeLater);
    }

    private void show(FetchClient client, String path) {
        FetchResponse response = requireNonNull(await(get(client, path)));
        say.accept("GET %s: %d %s".formatted(path, response.status(), response.text()));
    }

    /** Two are made, two wait, the others are told at once to come again. */
    private void overload(FetchClient client) {
        List<@Nullable FetchResponse> all = requireNonNull(await(TaskGroup.using(group -> {
            Task<List<@Nullable FetchResponse>> eight =
                    group.start("eight", Gather.failFast(Collections.nCopies(8, get(client, "/reports/500"))));
            return pool(client, pool -> pool.at("/rejected").asInt() == 4)
                    .doOnNext(pool -> say.accept("eight at once: %s are made, %s wait, %s are refused"
                            .formatted(pool.at("/active"), pool.at("/queued"), pool.at("/rejected"))))
                    .then(eight.join());
        })));
        say.accept("their answers: "
                + all.stream()
                        .map(Objects::requireNonNull)
                        .map(one -> one.status() == 503 ? "503, again in " + one.header("Retry-After") + " s" : "200")
                        .collect(Collectors.groupingBy(Function.identity(), TreeMap::new, Collectors.counting())));
    }

    private void gracefulStop(FetchClient client) {
        await(TaskGroup.using(group -> {
            group.start("short", answered(client, "/reports/500"));
            group.start("long", answered(client, "/reports/1800"));
            return pool(client, pool -> pool.at("/active").asInt() == 2)
                    .then(Mono.fromRunnable(() -> say.accept("two are in flight: stop")))
                    .then(service.stop());
        }));
        say.accept("stopped");
        await(answered(client, "/health"));
    }

    /** What the service tells of its pool, as soon as it is so. */
    private Mono<JsonNode> pool(FetchClient client, Predicate<JsonNode> so) {
        return get(client, "/load")
                .map(load -> load.json(JsonNode.class).at("/pool"))
                .filter(so)
                .repeatWhenEmpty(500, tries -> tries.delayElements(Duration.ofMillis(10)));
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
