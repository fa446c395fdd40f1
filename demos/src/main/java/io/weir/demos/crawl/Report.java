package io.weir.demos.crawl;

import io.weir.core.sync.AsyncQueue;
import io.weir.files.AsyncFiles;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * What the crawl tells: {@code pages.ndjson}, one line for each visit, written while the crawl goes on, and at its end
 * {@code broken-links.txt}. Without a folder it only counts.
 *
 * <p>The workers put lines into a bounded queue and one write takes them out: where the disk is slower than the network,
 * the workers wait, and memory stays as it is.
 */
final class Report {

    static final String PAGES = "pages.ndjson";
    static final String BROKEN_LINKS = "broken-links.txt";

    /** The names a page may not take. */
    static final Set<String> FILES = Set.of(PAGES, BROKEN_LINKS);

    private static final int LINES_IN_MEMORY = 1024;

    private final AsyncQueue<String> lines = AsyncQueue.bounded(LINES_IN_MEMORY);
    private final Queue<Visit> broken = new ConcurrentLinkedQueue<>();
    private final Queue<Visit> unreachedStarts = new ConcurrentLinkedQueue<>();
    private final Statistics statistics;
    private final @Nullable Path out;

    Report(Statistics statistics, @Nullable Path out) {
        this.statistics = statistics;
        this.out = out;
    }

    /** Takes a visit in. Completes when its line is on its way to the file. */
    Mono<Void> add(Visit visit) {
        return Mono.defer(() -> {
            statistics.add(visit);
            if (visit.outcome().isBroken()) {
                broken.add(visit);
            } else {
                visit.link().forgetPages();
            }
            if (visit.link().foundOn() == null
                    && visit.status() == 0
                    && visit.outcome().isFailure()) {
                unreachedStarts.add(visit);
            }
            return out == null ? Mono.empty() : lines.put(JsonLine.of(visit, out));
        });
    }

    /** Writes until {@link #close}, then lists the broken links; fails where the folder cannot be written to. */
    Mono<Void> write() {
        if (out == null) {
            return Mono.empty();
        }
        return AsyncFiles.writeLines(out.resolve(PAGES), lines.asFlux())
                .then(Mono.defer(() -> AsyncFiles.writeLines(out.resolve(BROKEN_LINKS), brokenLines())))
                .then();
    }

    /** No more visits will come. */
    void close() {
        lines.close();
    }

    /** The visits whose links are broken, by URL. */
    List<Visit> broken() {
        return broken.stream()
                .sorted(Comparator.comparing(visit -> visit.link().url().toString()))
                .toList();
    }

    /** The visits of start URLs that got no answer. */
    List<Visit> unreachedStarts() {
        return List.copyOf(unreachedStarts);
    }

    private Flux<String> brokenLines() {
        return Flux.fromIterable(broken()).concatMap(visit -> {
            String reason = visit.outcome() == PageOutcome.HTTP_ERROR
                    ? Integer.toString(visit.status())
                    : visit.outcome().toString();
            Flux<String> pages = Flux.fromIterable(visit.link().standsOn()).map(page -> "    on " + page);
            return pages.startWith(reason + " " + visit.link().url());
        });
    }
}
