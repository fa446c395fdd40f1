package io.weir.demos.crawl;

import io.weir.demos.web.TestWeb;
import io.weir.http.FetchClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/** A crawl that is over, with the report it left on disk. */
final class CrawlRun {

    private static final Duration LONGEST = Duration.ofSeconds(60);

    final Crawl crawl;
    final List<Map<String, @Nullable Object>> rows;
    final Path out;

    private CrawlRun(Crawl crawl, Path out) {
        this.crawl = crawl;
        this.out = out;
        this.rows = rows(out);
    }

    /** All of a web, from its start page. */
    static CrawlOptions all(TestWeb web, Path out) {
        return new CrawlOptions(
                List.of(url(web.startUri())),
                List.of("*"),
                -1,
                100_000,
                32,
                4,
                Duration.ofSeconds(5),
                2,
                64 << 20,
                "weir",
                out);
    }

    static CrawlRun of(TestWeb web, CrawlOptions options) {
        return of(web, options, Long.MAX_VALUE);
    }

    /** Crawls, and stops after so many visits. */
    static CrawlRun of(TestWeb web, CrawlOptions options, long stopAfter) {
        try (FetchClient client = options.client(web::resolve)) {
            Crawl crawl = new Crawl(options, client);
            Mono<Void> stopped = Flux.interval(Duration.ofMillis(1))
                    .filter(tick -> crawl.statistics.done() >= stopAfter)
                    .next()
                    .doOnNext(now -> crawl.stop())
                    .then(Mono.never());
            Mono.firstWithSignal(crawl.run(), stopped).block(LONGEST);
            return new CrawlRun(crawl, Objects.requireNonNull(options.out()));
        }
    }

    static CanonicalUrl url(URI uri) {
        return Objects.requireNonNull(CanonicalUrl.of(uri.toString()), uri.toString());
    }

    /** The report's lines by URL. A URL with two lines is an error. */
    Map<String, Map<String, @Nullable Object>> byUrl() {
        Map<String, Map<String, @Nullable Object>> byUrl = new HashMap<>();
        for (Map<String, @Nullable Object> row : rows) {
            if (byUrl.put(String.valueOf(row.get("url")), row) != null) {
                throw new AssertionError("two lines for " + row.get("url"));
            }
        }
        return byUrl;
    }

    long count(String outcome) {
        return rows.stream().filter(row -> outcome.equals(row.get("outcome"))).count();
    }

    static List<Map<String, @Nullable Object>> rows(Path out) {
        try {
            List<Map<String, @Nullable Object>> rows = new ArrayList<>();
            for (String line : Files.readAllLines(out.resolve(Report.PAGES))) {
                rows.add(row(line));
            }
            return rows;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Map<String, @Nullable Object> row(String line) {
        Map<String, @Nullable Object> row = new HashMap<>();
        try (JsonParser json = new JsonFactory().createParser(ObjectReadContext.empty(), line)) {
            json.nextToken();
            while (json.nextToken() == JsonToken.PROPERTY_NAME) {
                String name = json.currentName();
                JsonToken value = json.nextToken();
                row.put(
                        name,
                        value == JsonToken.VALUE_NULL
                                ? null
                                : value.isNumeric() ? (Object) json.getLongValue() : json.getString());
            }
        }
        return row;
    }
}
