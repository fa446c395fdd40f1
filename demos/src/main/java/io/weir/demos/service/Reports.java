package io.weir.demos.service;

import io.weir.core.offload.Offload;
import io.weir.core.task.Deadline;
import io.weir.core.task.Task;
import io.weir.core.task.TaskGroup;
import io.weir.core.task.TaskNode;
import io.weir.core.task.TaskTree;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import reactor.core.publisher.Mono;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerRoutes;

/**
 * Makes reports, by calls that block for as long as the client says. Each request is a task of one group and has a deadline;
 * the calls run on a pool that is bounded. What is beyond a bound is refused at once, with 503 and {@code Retry-After}: a
 * client that waits in a queue until it gives up is worse off, and so are those behind it.
 *
 * <pre>
 * GET /reports/{millis}   a report that takes so long to make
 * GET /health             whether it takes requests
 * GET /load               how busy it is: the pool's numbers, and each request in flight
 * </pre>
 */
final class Reports {
    private static final String REQUESTS = "requests";

    private final ServiceLimits limits;
    private final Offload pool;
    private final TaskGroup requests;

    Reports(ServiceLimits limits) {
        this.limits = limits;
        pool = Offload.bounded("reports", limits.threads(), limits.queue());
        requests = TaskGroup.supervisor()
                .name(REQUESTS)
                .maxTasks(limits.requests())
                .grace(limits.grace())
                .onFailure((task, error) -> {}) // told to the client
                .open();
    }

    /** Takes no more, lets what is in flight go on for the grace, cancels the rest, and ends the pool's threads. */
    Mono<Void> close() {
        return requests.close().then(Mono.fromRunnable(pool::close)).then(pool.terminated());
    }

    void routes(HttpServerRoutes routes) {
        routes.get(
                        "/reports/{millis}",
                        (request, response) -> inFlight(request, report(request))
                                .map(report -> new Reply(200, report))
                                .onErrorResume(error -> Mono.just(Reply.of(error)))
                                .flatMap(reply -> reply.send(response)))
                .get("/health", (request, response) -> health().send(response))
                .get("/load", (request, response) -> new Reply(200, load()).send(response));
    }

    private <T> Mono<T> inFlight(HttpServerRequest request, Mono<T> work) {
        return Mono.defer(() -> {
            Task<T> task =
                    requests.start(request.method() + " " + request.uri(), Deadline.within(limits.deadline(), work));
            return task.join().doOnCancel(() -> task.cancel("the client is gone"));
        });
    }

    private Mono<Report> report(HttpServerRequest request) {
        return Mono.fromSupplier(() -> Long.parseLong(Objects.requireNonNull(request.param("millis"))))
                .flatMap(millis -> pool.call(() -> {
                    Thread.sleep(millis);
                    return new Report("made", millis);
                }));
    }

    private Reply health() {
        return requests.isOpen()
                ? new Reply(200, Map.of("status", "up"))
                : new Reply(503, Map.of("status", "stopping"));
    }

    private Load load() {
        List<InFlight> inFlight = TaskTree.snapshot().stream()
                .filter(group -> group.name().equals(REQUESTS))
                .flatMap(group -> group.children().stream())
                .map(InFlight::of)
                .toList();
        return new Load(pool.statistics(), inFlight);
    }

    private record Report(String report, long millis) {}

    private record Load(Offload.Statistics pool, List<InFlight> inFlight) {}

    private record InFlight(String name, long millis, List<String> waitsOn) {
        static InFlight of(TaskNode task) {
            return new InFlight(task.name(), task.age().toMillis(), task.waitingOn());
        }
    }
}
