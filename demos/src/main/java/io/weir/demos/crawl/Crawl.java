package io.weir.demos.crawl;

import io.weir.core.offload.Offload;
import io.weir.core.sync.AsyncQueue;
import io.weir.core.task.Gather;
import io.weir.files.AsyncFiles;
import io.weir.files.FileException;
import io.weir.files.WriteOptions;
import io.weir.http.FetchClient;
import io.weir.http.FetchResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/**
 * A crawl: fetch a page, keep it, find its links, and go on until there is none left.
 *
 * <p>In asyncio this would be a {@code Queue}, some workers that {@code get}, work and call {@code task_done}, and a
 * {@code join} that ends it all. It is the same here, and nothing in it holds a thread while it waits:
 *
 * <pre>
 * start URLs → frontier → worker 1 ─ fetch → keep  ┐→ report
 *                 ↑       worker 2          → parse ┘
 *                 │       …                     │
 *                 └──────── links not yet known ┘
 * </pre>
 *
 * <p><b>It ends.</b> Every link in the frontier is visited by one worker, which says {@code taskDone} after it has put the
 * page's links; so when {@code join} completes, nothing is left and nobody works, and the frontier is closed.
 *
 * <p><b>It does not lock up.</b> Workers fill the queue they empty, and would wait for each other if it were full. It
 * never is: it has room for every link that {@link LinkIndex} lets in.
 *
 * <p><b>It can be stopped.</b> {@link #stop} cuts the fetches short and lets writes finish. The workers then empty the
 * frontier without fetching, so that every link still gets its line in the report. Cancelling, on the other hand, drops
 * everything at once.
 */
final class Crawl {

    // What a display of the crawl reads, while it runs or after.
    final CrawlOptions options;
    final LinkIndex index;
    final Robots robots;
    final PageFetcher fetcher;
    final Report report;
    final Statistics statistics = new Statistics();

    private final Sinks.Empty<Void> stop = Sinks.empty();
    private volatile boolean stopped;
    private final AsyncQueue<Link> frontier;
    private final @Nullable PageStore store;

    /** A crawl that fetches with {@code client}, which stays the caller's. To be run once. */
    Crawl(CrawlOptions options, FetchClient client) {
        this.options = options;
        frontier = AsyncQueue.bounded(options.maxPages());
        Scope scope = new Scope(options.starts(), options.includeHosts());
        index = new LinkIndex(scope, options.depth(), options.maxPages());
        robots = new Robots(client, options);
        fetcher = new PageFetcher(client, robots, scope, options);
        report = new Report(statistics, options.out());
        store = options.out() == null ? null : PageStore.in(options.out(), Report.FILES);
    }

    /** Crawls. Completes when all is visited and reported; fails where the report cannot be written. */
    Mono<Void> run() {
        List<Mono<Void>> tasks = new ArrayList<>();
        for (int i = 0; i < options.concurrency(); i++) {
            tasks.add(worker());
        }
        tasks.add(frontier.join().doOnSuccess(done -> frontier.close()));
        Mono<Void> crawl = start().then(Gather.failFast(tasks))
                .doOnSuccess(done -> report.close())
                .then();
        return Gather.failFast(List.of(crawl, report.write())).then();
    }

    /** Ends the crawl early: {@link #run} completes soon after. */
    void stop() {
        stopped = true;
        stop.tryEmitEmpty();
    }

    /** Whether {@link #stop} was called. */
    boolean isStopped() {
        return stopped;
    }

    private Mono<Void> start() {
        return enqueue(options.starts().stream()
                .map(index::start)
                .filter(Objects::nonNull)
                .toList());
    }

    private Mono<Void> worker() {
        return frontier.asFlux()
                .concatMap(link -> visit(link).doFinally(end -> frontier.taskDone()), 0)
                .then();
    }

    private Mono<Void> visit(Link link) {
        return Mono.firstWithSignal(interrupted(link), fetcher.fetch(link))
                .flatMap(fetched -> fetched.response() == null
                        ? report.add(fetched.visit())
                        : arrived(fetched.visit(), fetched.response()))
                .doOnSubscribe(start -> statistics.began())
                .doFinally(end -> statistics.ended());
    }

    private Mono<Fetched> interrupted(Link link) {
        return stop.asMono().thenReturn(new Fetched(Visit.of(link, PageOutcome.INTERRUPTED, null), null));
    }

    /** A page is here. One that was reached by a redirect is a page of the URL it led to, if that one has not got it yet. */
    private Mono<Void> arrived(Visit visit, FetchResponse response) {
        if (!visit.wasRedirected()) {
            return process(visit, response);
        }
        Visit redirected = visit.as(PageOutcome.REDIRECTED, null);
        Link target = index.redirectedTo(visit.finalUrl(), visit.link());
        return target == null
                ? report.add(redirected)
                : report.add(redirected.withoutBody()).then(process(visit.at(target), response));
    }

    /** Keeps the page and looks for links in it, both at once. */
    private Mono<Void> process(Visit visit, FetchResponse response) {
        return Gather.failFast(
                        keep(visit, response),
                        follow(visit, response),
                        (kept, followed) ->
                                followed ? kept : kept.as(PageOutcome.PARSE_FAILED, "its links could not be read"))
                .flatMap(report::add);
    }

    private Mono<Visit> keep(Visit visit, FetchResponse response) {
        if (store == null) {
            return Mono.just(visit);
        }
        Path file = store.file(visit.link().url());
        return AsyncFiles.write(file, response.bytes(), WriteOptions.overwrite().withParents())
                .map(bytes -> visit.keptIn(file))
                .onErrorResume(FileException.class, e -> Mono.just(visit.as(PageOutcome.STORE_FAILED, e.getMessage())));
    }

    /** Parsing takes processor time, which an event loop has none of to spare: it is offloaded. */
    private Mono<Boolean> follow(Visit visit, FetchResponse response) {
        String type = Objects.requireNonNullElse(response.contentType(), "");
        if (!LinkExtractor.reads(type, response.bytes())) {
            return Mono.just(true);
        }
        Link page = visit.link();
        return Offload.cpu(() -> LinkExtractor.links(page.url(), type, response.bytes()).stream()
                        .map(url -> index.found(url, page))
                        .filter(Objects::nonNull)
                        .toList())
                .flatMap(links -> enqueue(links).thenReturn(true))
                .onErrorReturn(false);
    }

    private Mono<Void> enqueue(List<Link> links) {
        return Flux.fromIterable(links).concatMap(frontier::put).then();
    }
}
