package io.weir.demos.crawl;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.demos.web.ExpectedPage;
import io.weir.demos.web.PageKind;
import io.weir.demos.web.TestWeb;
import io.weir.demos.web.TestWebOptions;
import io.weir.demos.web.Truth;
import io.weir.http.FetchClient;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The report, the files and the requests of one crawl, held against what the web is and what it was asked. */
class CrawlTest {

    private static final int PER_HOST = 4;

    @TempDir
    static Path out;

    private static TestWeb web;
    private static Truth truth;
    private static CrawlRun run;

    @BeforeAll
    static void crawl() {
        web = Objects.requireNonNull(TestWeb.start(TestWebOptions.builder()
                        .hosts(12)
                        .pages(900)
                        .slowDelay(Duration.ofMillis(20), Duration.ofMillis(60))
                        .build())
                .block());
        truth = web.truth();
        run = CrawlRun.of(web, CrawlRun.all(web, out));
    }

    @AfterAll
    static void stop() {
        web.close();
    }

    @Test
    void everyPageOfTheWebHasOneLineAndItSaysWhatIsThere() {
        Map<String, Map<String, @Nullable Object>> rows = run.byUrl();
        for (ExpectedPage page : truth.pages().values()) {
            Map<String, @Nullable Object> row = rows.get(canonical(page.uri()));
            assertThat(row).as("the line of %s", page.uri()).isNotNull();
            String outcome = outcome(page);
            assertThat(row.get("outcome")).as("outcome of %s", page).isEqualTo(outcome);
            assertThat(row.get("status")).as("status of %s", page).isEqualTo((long) page.status());
            if (outcome.equals("ok") || outcome.equals("redirected")) {
                assertThat(row.get("finalUrl")).as("end of %s", page).isEqualTo(canonical(page.finalUri()));
            }
            if (outcome.equals("ok")) {
                assertThat(row.get("bytes")).as("bytes of %s", page).isEqualTo(page.bytes());
            }
        }
        assertThat(truth.pages()).hasSize(900);
    }

    @Test
    void nothingHasALineThatIsNotInTheWeb() {
        Set<String> known = new HashSet<>();
        Stream.of(truth.pages().keySet(), truth.assets(), truth.behindRedirects(), truth.disallowed())
                .forEach(uris -> uris.forEach(uri -> known.add(canonical(uri))));
        assertThat(run.byUrl().keySet()).allSatisfy(url -> assertThat(known).contains(url));
        assertThat(web.served().unplanned()).isEmpty();
    }

    @Test
    void whatRobotsForbidIsNeverAskedFor() {
        assertThat(truth.disallowed()).isNotEmpty();
        assertThat(web.served().requestsTo(truth.disallowed())).isZero();
        assertThat(web.served().requestsTo(truth.unreachable())).isZero();
        Map<String, Map<String, @Nullable Object>> rows = run.byUrl();
        for (URI denied : truth.disallowed()) {
            assertThat(Objects.requireNonNull(rows.get(canonical(denied))).get("outcome"))
                    .as("outcome of %s", denied)
                    .isEqualTo("robots-denied");
        }
    }

    @Test
    void requestsAreThoseTheWebCounted() {
        assertThat(run.crawl.fetcher.requests() + run.crawl.robots.requests())
                .isEqualTo(web.served().requests());
        for (PageKind kind : List.of(PageKind.FAILS_ONCE, PageKind.DROPS_ONCE)) {
            assertThat(truth.ofKind(kind)).isNotEmpty().allSatisfy(uri -> {
                assertThat(web.served().of(uri).requests())
                        .as("requests of %s", uri)
                        .isEqualTo(2);
                assertThat(Objects.requireNonNull(run.byUrl().get(canonical(uri)))
                                .get("retries"))
                        .as("retries of %s", uri)
                        .isEqualTo(1L);
            });
        }
    }

    @Test
    void noHostHadMoreRequestsAtOnceThanItMay() {
        assertThat(web.served().maxInFlightByHost().values()).allMatch(most -> most <= PER_HOST);
    }

    @Test
    void brokenLinksAreListedWithEveryPageTheyStandOn() throws IOException {
        Set<String> expected = new HashSet<>();
        truth.brokenLinks().forEach(link -> expected.add(canonical(link.target()) + " on " + canonical(link.page())));
        Set<String> listed = new HashSet<>();
        String target = "";
        for (String line : Files.readAllLines(out.resolve(Report.BROKEN_LINKS))) {
            if (line.startsWith("    on ")) {
                assertThat(listed.add(target + line.substring(3)))
                        .as("%s is listed once", line)
                        .isTrue();
            } else {
                target = line.substring(line.indexOf(' ') + 1);
            }
        }
        assertThat(listed).isNotEmpty().isEqualTo(expected);
    }

    @Test
    void filesHoldWhatTheWebServes() throws IOException {
        Set<String> files = filesEqualTheWeb(web, run);
        try (Stream<Path> found = Files.walk(out)) {
            Stream<String> pages = found.filter(Files::isRegularFile)
                    .map(file -> out.relativize(file).toString())
                    .filter(name -> !Report.FILES.contains(name));
            assertThat(pages).as("no file is left that no line tells of").containsExactlyInAnyOrderElementsOf(files);
        }
    }

    @Test
    void countsOfTheSummaryAreThoseOfTheLines() {
        assertThat(run.crawl.statistics.done()).isEqualTo(run.rows.size()).isEqualTo(run.crawl.index.size());
        assertThat(run.crawl.statistics.inFlight()).isZero();
        assertThat(run.crawl.statistics.pages()).isEqualTo(run.count("ok"));
        assertThat(run.crawl.statistics.bytes())
                .isEqualTo(run.rows.stream()
                        .mapToLong(row -> (Long) Objects.requireNonNull(row.get("bytes")))
                        .sum());
        assertThat(Summary.of(run.crawl)).contains("redirect-loop", "http 404", "robots-denied");
    }

    static Set<String> filesEqualTheWeb(TestWeb web, CrawlRun run) throws IOException {
        Set<String> files = new HashSet<>();
        try (FetchClient client = FetchClient.builder().resolve(web::resolve).build()) {
            for (Map<String, @Nullable Object> row : run.rows) {
                if (row.get("file") instanceof String file) {
                    assertThat(files.add(file))
                            .as("%s is the file of one page", file)
                            .isTrue();
                    byte[] kept = Files.readAllBytes(run.out.resolve(file));
                    byte[] served = Objects.requireNonNull(
                                    client.fetch((String) row.get("url")).block())
                            .bytes();
                    assertThat(kept).as("file of %s", row.get("url")).isEqualTo(served);
                }
            }
        }
        return files;
    }

    private static String outcome(ExpectedPage page) {
        if (page.finalUri() == null) {
            return "redirect-loop";
        }
        if (page.status() >= 400) {
            return "http-error";
        }
        return canonical(page.uri()).equals(canonical(page.finalUri())) ? "ok" : "redirected";
    }

    private static String canonical(@Nullable URI uri) {
        return CrawlRun.url(Objects.requireNonNull(uri)).toString();
    }
}
