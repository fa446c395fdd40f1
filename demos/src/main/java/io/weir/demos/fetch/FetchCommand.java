package io.weir.demos.fetch;

import io.weir.core.sync.Bracket;
import io.weir.demos.command.Durations;
import io.weir.demos.command.Use;
import io.weir.demos.web.TestWeb;
import io.weir.files.AsyncFiles;
import io.weir.http.FetchAllOptions;
import io.weir.http.FetchClient;
import io.weir.http.FetchRequest;
import io.weir.http.RetryPolicy;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** {@code weir demo fetch}: fetches many URLs at once, and tells in their order what became of each. */
@Command(
        name = "fetch",
        sortOptions = false,
        usageHelpAutoWidth = true,
        header = "many URLs at once, each with an outcome of its own",
        description = {"", "Without a URL it fetches some pages, good and bad, from a web inside this process.", ""},
        footer = {"", "Exit codes: 0 every URL was answered, whatever the status; 1 some were not; 2 bad usage."})
public final class FetchCommand extends Use {
    @Parameters(paramLabel = "URL", description = "What to fetch. @FILE stands for the lines of a file.")
    private List<String> urls = new ArrayList<>();

    @Option(
            names = "--concurrency",
            paramLabel = "N",
            defaultValue = "64",
            description = "Fetch N at once. Default: ${DEFAULT-VALUE}.")
    private int concurrency;

    @Option(
            names = "--retries",
            paramLabel = "N",
            defaultValue = "2",
            description = "Try again so often what may pass. Default: ${DEFAULT-VALUE}.")
    private int retries;

    @Option(
            names = "--timeout",
            paramLabel = "TIME",
            defaultValue = "30s",
            converter = Durations.class,
            description = "For each URL, with all its retries. Default: ${DEFAULT-VALUE}.")
    private Duration timeout = Duration.ZERO;

    /** For picocli, which fills in the options. */
    public FetchCommand() {}

    @Override
    protected Mono<?> run() {
        require(concurrency >= 1 && concurrency <= 1000, "--concurrency must be from 1 to 1000");
        require(retries >= 0 && retries <= 10, "--retries must be from 0 to 10");
        if (urls.isEmpty()) {
            return Bracket.using(Samples.serve(), web -> fetchAll(Samples.of(web)), TestWeb::stop);
        }
        return fetchAll(Flux.fromIterable(urls).concatMap(FetchCommand::lines)).doOnNext(Tally::requireAllAnswered);
    }

    /** A file is read as its URLs are fetched, and may be as long as it likes. */
    private static Flux<String> lines(String url) {
        return url.startsWith("@")
                ? AsyncFiles.lines(Path.of(url.substring(1))).map(String::strip).filter(line -> !line.isEmpty())
                : Flux.just(url);
    }

    private Mono<Tally> fetchAll(Flux<String> all) {
        return Mono.defer(() -> {
            Tally tally = new Tally();
            return Bracket.using(
                    Mono.fromSupplier(() -> client(tally)),
                    client -> client.fetchAll(all, FetchRequest::get, options())
                            .doOnNext(fetched -> say(tally.line(fetched)))
                            .then(Mono.fromRunnable(() -> say(tally.summary())))
                            .thenReturn(tally),
                    FetchClient::closeLater);
        });
    }

    private FetchClient client(Tally tally) {
        return FetchClient.builder()
                .maxInFlight(concurrency)
                .totalTimeout(timeout)
                .retry(RetryPolicy.standard().attempts(retries + 1))
                .listener(tally)
                .build();
    }

    private FetchAllOptions options() {
        return FetchAllOptions.standard().concurrency(concurrency).inOrder();
    }
}
