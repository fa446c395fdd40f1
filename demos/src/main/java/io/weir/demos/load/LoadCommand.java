package io.weir.demos.load;

import static java.util.Objects.requireNonNull;

import io.weir.core.sync.Bracket;
import io.weir.core.task.Gather;
import io.weir.demos.command.Durations;
import io.weir.demos.command.Use;
import io.weir.demos.service.ReportService;
import io.weir.demos.service.ServiceLimits;
import io.weir.files.AsyncFiles;
import io.weir.http.FetchClient;
import io.weir.http.RetryPolicy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import reactor.core.publisher.Mono;

/** {@code weir demo load}: puts load on a URL, and tells how long its answers took. */
@Command(
        name = "load",
        sortOptions = false,
        usageHelpAutoWidth = true,
        header = "a load tester, with an open and a closed loop and an honest histogram",
        description = {
            "",
            "Without a URL it tests a service inside this process, which stalls for a while, in both loops.",
            "",
            "With --rate the loop is open: a request is due every so often, and its latency is corrected by counting from"
                    + " then. Without, it is closed: each connection waits for its answer, and the requests that a slow one"
                    + " kept back are added, as if the connection had gone on at its median.",
            ""
        },
        footer = {"", "Exit codes: 0 done; 1 the URL cannot be reached; 2 bad usage; 130 stopped by Ctrl-C."})
public final class LoadCommand extends Use {
    private static final int MOST_REQUESTS = 10_000_000;

    @Parameters(arity = "0..1", paramLabel = "URL", description = "What to GET. Not somebody else's.")
    private @Nullable String url;

    @Option(names = "--rate", paramLabel = "N", description = "Send N requests a second.")
    private @Nullable Integer rate;

    @Option(
            names = "--connections",
            paramLabel = "N",
            defaultValue = "8",
            description = "Send at most N at once. Default: ${DEFAULT-VALUE}.")
    private int connections;

    @Option(
            names = "--duration",
            paramLabel = "TIME",
            defaultValue = "5s",
            converter = Durations.class,
            description = "For how long. Default: ${DEFAULT-VALUE}.")
    private Duration duration = Duration.ZERO;

    @Option(
            names = "--timeout",
            paramLabel = "TIME",
            defaultValue = "10s",
            converter = Durations.class,
            description = "For each request. Default: ${DEFAULT-VALUE}.")
    private Duration timeout = Duration.ZERO;

    @Option(names = "--html", paramLabel = "FILE", description = "Write a report with plots there, too.")
    private @Nullable Path html;

    private final List<Measurement> measurements = new CopyOnWriteArrayList<>();

    /** For picocli, which fills in the options. */
    public LoadCommand() {}

    @Override
    protected Mono<?> run() {
        require(connections >= 1 && connections <= 1000, "--connections must be from 1 to 1000");
        require(rate == null || (rate >= 1 && rate <= 100_000), "--rate must be from 1 to 100000");
        require(
                rate == null || rate * duration.toSeconds() <= MOST_REQUESTS,
                "--rate and --duration make more than %,d requests".formatted(MOST_REQUESTS));
        require(html == null || isInFolder(html), "--html " + html + " is no file in a folder that is there");
        String target = url;
        return target == null ? stallingService() : tested(target, client -> test(client, target));
    }

    /** Found out before the test, not after it. */
    private static boolean isInFolder(Path file) {
        Path folder = file.toAbsolutePath().getParent();
        return folder != null && Files.isDirectory(folder) && !Files.isDirectory(file);
    }

    private Mono<?> test(FetchClient client, String target) {
        LoadTest test = new LoadTest(client, target, connections, duration, measurements::add);
        return told(rate == null ? test.closedLoop() : test.openLoop(rate));
    }

    /** Its one thread makes reports in a millisecond, until somebody wants one that takes longer. */
    private Mono<Void> stallingService() {
        ServiceLimits limits = new ServiceLimits(1, 1000, 1000, Duration.ofSeconds(10), Duration.ofSeconds(1));
        return Bracket.using(
                ReportService.start(0, limits),
                service -> tested(service.url() + "/reports/1", client -> bothLoops(client, service.url())),
                ReportService::stop);
    }

    private Mono<?> bothLoops(FetchClient client, String service) {
        LoadTest test = new LoadTest(client, service + "/reports/1", 2, Duration.ofSeconds(1), measurements::add);
        Mono<?> stall = Mono.delay(Duration.ofMillis(300)).then(client.fetch(service + "/reports/300"));
        return told(Gather.failFast(test.openLoop(200), stall, (all, stalled) -> requireNonNull(all)))
                .then(told(Gather.failFast(test.closedLoop(), stall, (all, stalled) -> requireNonNull(all))));
    }

    /** A first request finds out whether there is somebody, and opens a connection. */
    private Mono<Void> tested(String target, Function<FetchClient, Mono<?>> test) {
        return Bracket.using(
                Mono.fromSupplier(this::client),
                client -> client.fetch(target).then(test.apply(client)).then(Mono.defer(() -> written(target))),
                FetchClient::closeLater);
    }

    private FetchClient client() {
        // One more than are measured: what makes the service stall must not wait for them.
        return FetchClient.builder()
                .maxInFlight(connections + 1)
                .maxPerHost(connections + 1)
                .totalTimeout(timeout)
                .retry(RetryPolicy.none())
                .build();
    }

    /** Tells what a run has measured, at its end or at Ctrl-C. */
    private Mono<Measurement> told(Mono<Measurement> run) {
        return run.doOnNext(this::tell).doOnCancel(() -> tell(measurements.get(measurements.size() - 1)));
    }

    private void tell(Measurement measurement) {
        say(LoadTable.of(measurement));
    }

    private Mono<Void> written(String target) {
        return html == null
                ? Mono.empty()
                : AsyncFiles.write(html, LoadPage.of(target, measurements)).then(saying("written: " + html));
    }
}
