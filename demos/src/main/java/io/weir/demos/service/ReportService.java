package io.weir.demos.service;

import io.weir.core.task.Gather;
import io.weir.demos.web.LocalServer;
import java.time.Duration;
import java.util.List;
import reactor.core.publisher.Mono;

/** {@link Reports} behind a server: starts, and ends gracefully. */
public final class ReportService {
    private final LocalServer server;
    private final Mono<Void> stop;

    private ReportService(LocalServer server, Reports reports, Duration grace) {
        this.server = server;
        // Whoever does not read its answer for a second after the grace, loses it.
        stop = Gather.failFast(List.of(server.stop(grace.plusSeconds(1)), reports.close()))
                .then()
                .cache();
    }

    /**
     * Starts one.
     *
     * @param port where to listen; 0 for any that is free
     * @param limits what it takes on
     * @return the service, listening; an error where the port cannot be had
     */
    public static Mono<ReportService> start(int port, ServiceLimits limits) {
        return Mono.defer(() -> {
            Reports reports = new Reports(limits);
            return LocalServer.start(port, reports::routes)
                    .map(server -> new ReportService(server, reports, limits.grace()))
                    .onErrorResume(error -> reports.close().then(Mono.error(error)));
        });
    }

    /** {@return where it listens, without a slash at the end} */
    public String url() {
        return server.url();
    }

    /**
     * Stops it: no more connections and requests; those in flight may end within the grace, and are cancelled then.
     *
     * @return the end, the same for any number of subscribers
     */
    public Mono<Void> stop() {
        return stop;
    }
}
