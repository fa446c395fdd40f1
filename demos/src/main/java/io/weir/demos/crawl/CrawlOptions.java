package io.weir.demos.crawl;

import io.weir.http.FetchClient;
import io.weir.http.RetryPolicy;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What to crawl, how far, and how fast.
 *
 * @param starts where to begin
 * @param includeHosts hosts to crawl besides the origins of {@code starts}; {@code *.name} for all below a name
 * @param depth how many links to go from a start; negative for any number
 * @param maxPages how many URLs may enter the frontier
 * @param concurrency how many pages are worked on at once
 * @param perHost how many requests one host gets at once
 * @param timeout for a connection, for an answer to begin, and for silence within it
 * @param retries further attempts after a failure that may pass
 * @param maxBody the largest body that is accepted, in bytes
 * @param userAgent what the crawler calls itself; its first word is what robots.txt is read for
 * @param out the folder for pages and report; null for neither
 */
record CrawlOptions(
        List<CanonicalUrl> starts,
        List<String> includeHosts,
        int depth,
        int maxPages,
        int concurrency,
        int perHost,
        Duration timeout,
        int retries,
        long maxBody,
        String userAgent,
        @Nullable Path out) {

    static final int DEFAULT_MAX_PAGES = 100_000;
    static final int DEFAULT_CONCURRENCY = 64;
    static final int DEFAULT_PER_HOST = 8;
    static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(15);
    static final int DEFAULT_RETRIES = 2;
    static final int DEFAULT_MAX_BODY_MIB = 64;
    static final String DEFAULT_USER_AGENT = "weir/0.1";

    /** A client with these limits. A page may wait for its host's other pages, so the whole takes longer than the parts. */
    FetchClient client(Function<String, @Nullable InetAddress> resolve) {
        Duration whole = timeout.multipliedBy(2L + 2L * concurrency / perHost);
        return FetchClient.builder()
                .maxInFlight(concurrency)
                .maxPerHost(perHost)
                .maxBodyBytes(maxBody)
                .queueTimeout(whole)
                .dnsTimeout(timeout)
                .connectTimeout(timeout)
                .tlsTimeout(timeout)
                .headersTimeout(timeout)
                .readTimeout(timeout)
                .totalTimeout(whole)
                .userAgent(userAgent)
                // The crawler tries again by itself, and counts what it does.
                .retry(RetryPolicy.none())
                .resolve(resolve)
                .build();
    }
}
