package io.weir.demos.crawl;

import crawlercommons.robots.BaseRobotRules;
import crawlercommons.robots.SimpleRobotRulesParser;
import io.weir.http.FetchClient;
import io.weir.http.FetchException;
import io.weir.http.FetchRequest;
import io.weir.http.FetchResponse;
import io.weir.http.RedirectPolicy;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.util.retry.Retry;

/**
 * What each origin's robots.txt says, read once and before anything else of that origin.
 *
 * <p>As RFC 9309 has it: a 4xx allows everything, a 5xx forbids everything. An origin that cannot be reached is not
 * forbidden but {@linkplain Rules#unreachable out of reach}, so that the report says what is wrong with it.
 */
final class Robots {

    /** RFC 9309 asks for 500 KiB at least. */
    private static final long MAX_BYTES = 512 * 1024;

    private final Map<String, Mono<Rules>> byOrigin = new ConcurrentHashMap<>();
    private final Map<String, Rules> loaded = new ConcurrentHashMap<>();
    private final LongAdder requests = new LongAdder();
    private final FetchClient client;
    private final CrawlOptions options;

    Robots(FetchClient client, CrawlOptions options) {
        this.client = client;
        this.options = options;
    }

    /** The rules of the URL's origin. Asks for them on the first subscription for that origin; later ones share the answer. */
    Mono<Rules> rules(CanonicalUrl url) {
        return byOrigin.computeIfAbsent(
                url.origin(),
                origin -> load(origin)
                        .doOnNext(rules -> loaded.put(origin, rules))
                        .cache());
    }

    /** The rules, if they are here already: what can be asked where nothing may wait. */
    @Nullable
    Rules loaded(CanonicalUrl url) {
        return loaded.get(url.origin());
    }

    /** How many requests for robots.txt were made, redirects and retries included. */
    long requests() {
        return requests.sum();
    }

    private Mono<Rules> load(String origin) {
        return Mono.defer(() -> client.fetch(request(origin)))
                .doOnSubscribe(start -> requests.increment())
                .retryWhen(Retry.backoff(options.retries(), Duration.ofMillis(200))
                        .filter(error -> error instanceof FetchException failure && failure.isTransient())
                        .onRetryExhaustedThrow((retry, last) -> last.failure()))
                .map(response -> read(origin, response))
                .onErrorResume(FetchException.class, error -> Mono.just(Rules.unreachable(error)));
    }

    private FetchRequest request(String origin) {
        return FetchRequest.get(origin + "/robots.txt")
                .maxBodyBytes(MAX_BYTES)
                .redirects(RedirectPolicy.onlyIf((from, to) -> {
                    requests.increment();
                    return true;
                }));
    }

    private Rules read(String origin, FetchResponse response) {
        if (response.status() >= 500 || response.status() == 429) {
            return Rules.closed("robots.txt answered " + response.status());
        }
        if (!response.isSuccess() || response.bytes().length == 0) {
            return Rules.open();
        }
        String product = options.userAgent().split("[/ ]", 2)[0].toLowerCase(Locale.ROOT);
        BaseRobotRules rules = new SimpleRobotRulesParser()
                .parseContent(origin + "/robots.txt", response.bytes(), "text/plain", List.of(product));
        return Rules.of(rules);
    }
}
