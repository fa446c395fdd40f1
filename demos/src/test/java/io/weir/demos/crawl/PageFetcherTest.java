package io.weir.demos.crawl;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.http.FetchClient;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;

class PageFetcherTest {
    @Test
    void thePagesTimeIsThatOfAllAttempts() {
        Duration slow = Duration.ofMillis(60);
        AtomicInteger asked = new AtomicInteger();
        DisposableServer server = HttpServer.create()
                .host("127.0.0.1")
                .port(0)
                .route(routes -> routes.get(
                        "/page",
                        (request, response) -> asked.incrementAndGet() == 1
                                ? Mono.delay(slow).then(response.status(503).send())
                                : response.sendString(Mono.just("at once"))))
                .bindNow();
        CanonicalUrl url = Objects.requireNonNull(CanonicalUrl.of("http://127.0.0.1:" + server.port() + "/page"));
        CrawlOptions options = new CrawlOptions(
                List.of(url), List.of(), -1, 10, 1, 1, Duration.ofSeconds(15), 2, 1 << 20, "weir", null);
        try (FetchClient client = options.client(host -> null)) {
            Scope scope = new Scope(options.starts(), options.includeHosts());
            PageFetcher fetcher = new PageFetcher(client, new Robots(client, options), scope, options);
            Link link = Objects.requireNonNull(new LinkIndex(scope, -1, 10).start(url));

            Fetched fetched = Objects.requireNonNull(fetcher.fetch(link).block());

            assertThat(fetched.visit().outcome()).isEqualTo(PageOutcome.OK);
            assertThat(fetched.visit().retries()).isEqualTo(1);
            assertThat(fetched.visit().elapsed()).isGreaterThanOrEqualTo(slow);
        } finally {
            server.disposeNow();
        }
    }
}
