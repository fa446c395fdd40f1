package io.weir.demos.crawl;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.demos.web.PageKind;
import io.weir.demos.web.TestWeb;
import io.weir.demos.web.TestWebOptions;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How far a crawl goes, how hard it asks, and how it stops. */
class CrawlLimitsTest {

    @TempDir
    Path out;

    @Test
    void staysOnTheOriginsOfItsStarts() {
        try (TestWeb web = plain(5, 200)) {
            CrawlOptions all = CrawlRun.all(web, out);
            CrawlRun run = CrawlRun.of(web, with(all, List.of(), -1, 10_000));
            String origin = all.starts().get(0).origin();
            assertThat(run.byUrl().keySet()).allMatch(url -> url.startsWith(origin + "/"));
            assertThat(run.crawl.index.elsewhere()).isPositive();
            assertThat(web.served().maxInFlightByHost()).hasSize(1);
        }
    }

    @Test
    void goesToHostsThatAreIncluded() {
        try (TestWeb web = plain(5, 200)) {
            String other = web.homes().get(3).getHost();
            CrawlRun run = CrawlRun.of(web, with(CrawlRun.all(web, out), List.of(other), -1, 10_000));
            Set<String> hosts = new HashSet<>();
            run.byUrl().keySet().forEach(url -> hosts.add(URI.create(url).getHost()));
            assertThat(hosts).containsOnly(web.startUri().getHost(), other);
        }
    }

    @Test
    void goesNoDeeperThanItMay() {
        try (TestWeb web = plain(3, 200)) {
            CrawlRun run = CrawlRun.of(web, with(CrawlRun.all(web, out), List.of("*"), 1, 10_000));
            assertThat(run.rows).extracting(row -> row.get("depth")).containsOnly(0L, 1L);
            assertThat(run.crawl.index.tooDeep()).isPositive();
        }
    }

    @Test
    void visitsNoMorePagesThanItMay() {
        try (TestWeb web = plain(3, 200)) {
            CrawlRun run = CrawlRun.of(web, with(CrawlRun.all(web, out), List.of("*"), -1, 50));
            assertThat(run.byUrl()).hasSize(50);
            assertThat(run.crawl.index.tooMany()).isPositive();
            assertThat(Summary.of(run.crawl)).contains("beyond --max-pages");
        }
    }

    @Test
    void usesWhatAHostMayBeAskedAtOnce() {
        TestWebOptions slow = TestWebOptions.builder()
                .hosts(1)
                .pages(80)
                .onlyPlainPages()
                .share(PageKind.SLOW, 1)
                .slowDelay(Duration.ofMillis(50), Duration.ofMillis(50))
                .build();
        try (TestWeb web = start(slow)) {
            CrawlRun.of(web, CrawlRun.all(web, out));
            assertThat(web.served().maxInFlight()).isGreaterThanOrEqualTo(4);
        }
    }

    @Test
    void answerThatIsTooLargeIsGivenUp() {
        TestWebOptions some = TestWebOptions.builder()
                .hosts(1)
                .pages(20)
                .onlyPlainPages()
                .share(PageKind.LARGE, 0.5)
                .build();
        try (TestWeb web = start(some)) {
            CrawlOptions all = CrawlRun.all(web, out);
            CrawlOptions small =
                    new CrawlOptions(all.starts(), List.of("*"), -1, 100, 4, 4, all.timeout(), 0, 500_000, "weir", out);
            CrawlRun run = CrawlRun.of(web, small);
            assertThat(run.count("too-large")).isPositive();
            assertThat(run.count("ok")).isPositive();
            Set<String> large = new HashSet<>();
            web.truth()
                    .ofKind(PageKind.LARGE)
                    .forEach(uri -> large.add(CrawlRun.url(uri).toString()));
            assertThat(run.rows)
                    .filteredOn(row -> large.contains(row.get("url")))
                    .allMatch(row -> "too-large".equals(row.get("outcome")));
        }
    }

    @Test
    void fileThatCannotBeWrittenIsAnOutcomeOfItsPageOnly() throws IOException {
        try (TestWeb web = plain(1, 20)) {
            CanonicalUrl start = CrawlRun.url(web.startUri());
            // What stands in the way of this page stands in no other's.
            Files.createDirectories(PageStore.in(out, Report.FILES).file(start));
            CrawlRun run = CrawlRun.of(web, CrawlRun.all(web, out));
            assertThat(run.count("store-failed")).isEqualTo(1);
            assertThat(run.byUrl().get(start.toString())).containsEntry("outcome", "store-failed");
            assertThat(run.count("ok")).isGreaterThanOrEqualTo(19);
        }
    }

    @Test
    void stoppedCrawlHasALineForEveryUrlItKnowsAndWholeFiles() throws IOException {
        TestWebOptions slow = TestWebOptions.builder()
                .hosts(8)
                .pages(600)
                .onlyPlainPages()
                .share(PageKind.SLOW, 0.3)
                .share(PageKind.LARGE, 0.05)
                .slowDelay(Duration.ofMillis(100), Duration.ofMillis(200))
                .build();
        try (TestWeb web = start(slow)) {
            CrawlRun run = CrawlRun.of(web, CrawlRun.all(web, out), 60);
            assertThat(run.byUrl()).hasSize(run.crawl.index.size());
            assertThat(run.count("interrupted")).isPositive();
            assertThat(run.count("ok")).isPositive().isLessThan(600);
            assertThat(run.crawl.isStopped()).isTrue();
            CrawlTest.filesEqualTheWeb(web, run);
        }
    }

    private static CrawlOptions with(CrawlOptions o, List<String> hosts, int depth, int maxPages) {
        return new CrawlOptions(
                o.starts(),
                hosts,
                depth,
                maxPages,
                o.concurrency(),
                o.perHost(),
                o.timeout(),
                o.retries(),
                o.maxBody(),
                o.userAgent(),
                o.out());
    }

    private static TestWeb plain(int hosts, int pages) {
        return start(TestWebOptions.builder()
                .hosts(hosts)
                .pages(pages)
                .onlyPlainPages()
                .build());
    }

    private static TestWeb start(TestWebOptions options) {
        return Objects.requireNonNull(TestWeb.start(options).block());
    }
}
