package io.weir.demos.service;

import io.weir.core.sync.Bracket;
import io.weir.demos.command.Durations;
import io.weir.demos.command.Use;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import reactor.core.publisher.Mono;

/** {@code weir demo service}: runs a {@link ReportService} until Ctrl-C or, without a port, through a {@link Rehearsal}. */
@Command(
        name = "service",
        sortOptions = false,
        usageHelpAutoWidth = true,
        header = "a JSON service with bounds, deadlines, health, load, and a graceful stop",
        description = {
            "",
            "Without --port it sends itself a few requests, too many at once, and stops amid the last of them.",
            "",
            "GET /reports/MILLIS makes a report that takes so long; /health and /load tell how it is.",
            ""
        })
public final class ServiceCommand extends Use {
    @Option(names = "--port", paramLabel = "N", description = "Listen there until Ctrl-C. 0: on any that is free.")
    private @Nullable Integer port;

    @Option(
            names = "--threads",
            paramLabel = "N",
            defaultValue = "2",
            description = "Make N reports at once. Default: ${DEFAULT-VALUE}.")
    private int threads;

    @Option(
            names = "--queue",
            paramLabel = "N",
            defaultValue = "2",
            description = "Let N more wait, and refuse the next. Default: ${DEFAULT-VALUE}.")
    private int queue;

    @Option(
            names = "--deadline",
            paramLabel = "TIME",
            defaultValue = "2s",
            converter = Durations.class,
            description = "For a request, its wait included. Default: ${DEFAULT-VALUE}.")
    private Duration deadline = Duration.ZERO;

    @Option(
            names = "--grace",
            paramLabel = "TIME",
            defaultValue = "1200ms",
            converter = Durations.class,
            description = "How long requests in flight may go on when it stops. Default: ${DEFAULT-VALUE}.")
    private Duration grace = Duration.ZERO;

    /** For picocli, which fills in the options. */
    public ServiceCommand() {}

    @Override
    protected Mono<?> run() {
        require(port == null || (port >= 0 && port <= 65535), "--port must be from 0 to 65535");
        require(threads >= 1 && threads <= 1000, "--threads must be from 1 to 1000");
        require(queue >= 1 && queue <= 100_000, "--queue must be from 1 to 100000");
        require(grace.toSeconds() <= 8, "--grace must be 8s at most");
        ServiceLimits limits = new ServiceLimits(threads, queue, 1000, deadline, grace);
        return port == null
                ? Bracket.using(ReportService.start(0, limits), this::rehearse, ReportService::stop)
                : Bracket.using(ReportService.start(port, limits), this::untilInterrupted, this::stop);
    }

    private Mono<Void> rehearse(ReportService service) {
        return new Rehearsal(service, this::say).run();
    }

    /** Ctrl-C cancels it, and has the bracket stop the service. */
    private Mono<Void> untilInterrupted(ReportService service) {
        return saying("listening on " + service.url() + ", until Ctrl-C").then(Mono.never());
    }

    private Mono<Void> stop(ReportService service) {
        return saying("stopping").then(service.stop()).then(saying("stopped"));
    }
}
