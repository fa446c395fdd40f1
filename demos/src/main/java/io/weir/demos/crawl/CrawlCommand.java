package io.weir.demos.crawl;

import io.weir.demos.command.Durations;
import io.weir.demos.command.Interrupt;
import io.weir.demos.command.Terminal;
import io.weir.demos.command.WeirCommand;
import io.weir.demos.web.TestWeb;
import io.weir.demos.web.TestWebOptions;
import io.weir.files.FileException;
import io.weir.http.FetchClient;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import reactor.core.publisher.Mono;

/** {@code weir crawl}: reads the command line, runs a {@link Crawl}, shows it, and tells how it went. */
@Command(
        name = "crawl",
        sortOptions = false,
        usageHelpAutoWidth = true,
        header = "Crawls web sites: fetches their pages, follows their links, reports what is broken.",
        description = {
            "",
            "Without a URL it starts a web of its own inside this process, 200 hosts with 5000 pages, and crawls that.",
            "",
            "robots.txt is obeyed, at redirects too; its Crawl-delay is honoured up to 5 s. Pages that say"
                    + " <meta name=robots content=nofollow> are not followed.",
            ""
        },
        footer = {
            "",
            "With --out there are, besides the pages: pages.ndjson, a line of JSON for each URL, and broken-links.txt,"
                    + " each broken link with the pages it stands on.",
            "",
            "Exit codes: 0 done; 1 some pages failed, and --strict was given; 2 bad usage, or nothing could be crawled"
                    + " or written; 130 stopped by Ctrl-C (the report is complete then, too)."
        })
public final class CrawlCommand extends WeirCommand {

    /** For picocli, which fills in the options. */
    public CrawlCommand() {}

    @Parameters(paramLabel = "URL", description = "Where to start. Only the same scheme, host and port are crawled.")
    private List<String> urls = new ArrayList<>();

    @Option(
            names = "--include-hosts",
            paramLabel = "HOST",
            split = ",",
            description = {"Crawl these hosts too, on any port.", "*.example.org stands for all hosts below it."})
    private List<String> includeHosts = new ArrayList<>();

    @Option(names = "--depth", paramLabel = "N", description = "Go at most N links away from a start. Default: any.")
    private int depth = -1;

    @Option(names = "--max-pages", paramLabel = "N", description = "Visit at most N URLs. Default: ${DEFAULT-VALUE}.")
    private int maxPages = CrawlOptions.DEFAULT_MAX_PAGES;

    @Option(
            names = "--concurrency",
            paramLabel = "N",
            description = "Work on N pages at once. Default: ${DEFAULT-VALUE}.")
    private int concurrency = CrawlOptions.DEFAULT_CONCURRENCY;

    @Option(
            names = "--per-host",
            paramLabel = "N",
            description = {"Send at most N requests at once to one host.", "Default: ${DEFAULT-VALUE}."})
    private int perHost = CrawlOptions.DEFAULT_PER_HOST;

    @Option(
            names = "--timeout",
            paramLabel = "TIME",
            converter = Durations.class,
            description = {
                "How long to wait for a connection, for an answer to begin, and for silence within it. Default: 15s."
            })
    private Duration timeout = CrawlOptions.DEFAULT_TIMEOUT;

    @Option(
            names = "--retries",
            paramLabel = "N",
            description = {
                "Try again so often what may pass: a lost connection, 429, 502, 503, 504. Default: ${DEFAULT-VALUE}."
            })
    private int retries = CrawlOptions.DEFAULT_RETRIES;

    @Option(
            names = "--max-body",
            paramLabel = "MIB",
            description = {"Give up pages of more than so many MiB.", "Default: ${DEFAULT-VALUE}."})
    private int maxBody = CrawlOptions.DEFAULT_MAX_BODY_MIB;

    @Option(names = "--user-agent", paramLabel = "NAME", description = "Call itself this. Default: ${DEFAULT-VALUE}.")
    private String userAgent = CrawlOptions.DEFAULT_USER_AGENT;

    @Option(names = "--out", paramLabel = "DIR", description = "Keep pages and report here. Default: keep nothing.")
    private @Nullable Path out;

    @Option(names = "--quiet", description = "Show no progress.")
    private boolean quiet;

    @Option(names = "--strict", description = "Exit with 1 if a page failed.")
    private boolean strict;

    @Override
    public Integer call() {
        prepareFolder();
        if (!urls.isEmpty()) {
            return crawl(options(starts(), includeHosts), host -> null);
        }
        try (TestWeb web =
                Objects.requireNonNull(TestWeb.start(TestWebOptions.defaults()).block())) {
            CanonicalUrl start =
                    Objects.requireNonNull(CanonicalUrl.of(web.startUri().toString()));
            err().printf("No URL given: crawling a web inside this process, from %s%n", start);
            // Nothing in it leads out of it, so any host is one of its own.
            return crawl(options(List.of(start), List.of("*")), web::resolve);
        }
    }

    private int crawl(CrawlOptions options, Function<String, @Nullable InetAddress> resolve) {
        try (FetchClient client = options.client(resolve)) {
            Crawl crawl = new Crawl(options, client);
            return Interrupt.stops(crawl::stop, () -> {
                watched(crawl).block();
                out().print(Summary.of(crawl));
                out().flush();
                return exitCode(crawl);
            });
        } catch (FileException e) {
            return fail(BAD_USAGE, "the report cannot be written: " + e.getMessage());
        }
    }

    private Mono<Void> watched(Crawl crawl) {
        if (quiet) {
            return crawl.run();
        }
        return Terminal.canDraw()
                ? new ProgressBarDisplay(crawl).during(crawl.run(), Duration.ofMillis(100))
                : Progress.lines(crawl, err()).during(crawl.run(), Duration.ofSeconds(1));
    }

    private int exitCode(Crawl crawl) {
        if (crawl.isStopped()) {
            return INTERRUPTED;
        }
        List<Visit> unreached = crawl.report.unreachedStarts();
        if (unreached.size() == crawl.options.starts().size()) {
            Visit first = unreached.get(0);
            return fail(BAD_USAGE, first.link().url() + ": " + first.outcome() + ", " + first.error());
        }
        return strict && crawl.statistics.failed() > 0 ? FAILED : DONE;
    }

    private List<CanonicalUrl> starts() {
        Set<CanonicalUrl> starts = new LinkedHashSet<>();
        for (String url : urls) {
            CanonicalUrl start = CanonicalUrl.of(url);
            require(start != null, "'" + url + "' is no URL to crawl: that has http:// or https:// and a host");
            starts.add(start);
        }
        return List.copyOf(starts);
    }

    private CrawlOptions options(List<CanonicalUrl> starts, List<String> hosts) {
        require(maxPages >= 1, "--max-pages must be at least 1");
        require(concurrency >= 1 && concurrency <= 1000, "--concurrency must be from 1 to 1000");
        require(perHost >= 1 && perHost <= 1000, "--per-host must be from 1 to 1000");
        require(retries >= 0 && retries <= 10, "--retries must be from 0 to 10");
        require(maxBody >= 1 && maxBody <= 1024, "--max-body must be from 1 to 1024");
        require(
                userAgent.chars().allMatch(c -> c >= ' ' && c < 127) && !userAgent.isBlank(),
                "--user-agent must be ASCII");
        return new CrawlOptions(
                starts,
                hosts,
                depth,
                maxPages,
                concurrency,
                perHost,
                timeout,
                retries,
                (long) maxBody << 20,
                userAgent,
                out);
    }

    /** Finds out before the first request, not after the last, that there is nowhere to write. */
    private void prepareFolder() {
        if (out != null) {
            try {
                Files.createDirectories(out);
            } catch (FileAlreadyExistsException e) {
                require(false, "--out " + out + " is a file, not a folder");
            } catch (AccessDeniedException e) {
                require(false, "--out " + out + " cannot be made: no permission in " + e.getFile());
            } catch (IOException e) {
                require(false, "--out " + out + " cannot be made: " + e);
            }
            require(Files.isWritable(out), "--out " + out + " cannot be written to");
        }
    }
}
