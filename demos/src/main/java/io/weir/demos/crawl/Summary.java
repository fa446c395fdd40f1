package io.weir.demos.crawl;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

/** Says in a few lines what a crawl did. */
final class Summary {

    private final StringBuilder text = new StringBuilder();
    private final Crawl crawl;

    private Summary(Crawl crawl) {
        this.crawl = crawl;
    }

    static String of(Crawl crawl) {
        return new Summary(crawl).text();
    }

    private String text() {
        Statistics done = crawl.statistics;
        double seconds = Math.max(0.001, done.elapsed().toNanos() / 1e9);
        line("%,d URLs in %.2f s: %,d pages, %s, %,.0f pages/s"
                .formatted(done.done(), seconds, done.pages(), bytes(done.bytes()), done.pages() / seconds));
        done.byReason().forEach((reason, count) -> line("  %-20s %,9d".formatted(reason, count)));
        line("answers came within     %s (half), %s (95 %%), %s (99 %%)"
                .formatted(millis(done.percentile(50)), millis(done.percentile(95)), millis(done.percentile(99))));
        line("one at a time           %.1f s of fetching, so %.1f times as fast as one after the other"
                .formatted(done.oneAtATime().toNanos() / 1e9, done.oneAtATime().toNanos() / 1e9 / seconds));
        line("requests                %,d, of them %,d retries and %,d redirects; %,d more for robots.txt"
                .formatted(
                        crawl.fetcher.requests(), done.retries(), crawl.fetcher.redirects(), crawl.robots.requests()));
        line("not followed            %,d links elsewhere, %,d beyond --depth, %,d beyond --max-pages"
                .formatted(crawl.index.elsewhere(), crawl.index.tooDeep(), crawl.index.tooMany()));
        List<Visit> broken = crawl.report.broken();
        long pages = broken.stream()
                .mapToLong(visit -> visit.link().standsOn().size())
                .sum();
        Path out = crawl.options.out();
        line("broken links            %,d, standing in %,d places%s"
                .formatted(broken.size(), pages, out == null ? "" : ": " + out.resolve(Report.BROKEN_LINKS)));
        if (out != null) {
            line("report                  " + out.resolve(Report.PAGES));
        }
        return text.toString();
    }

    private void line(String line) {
        text.append(line).append(System.lineSeparator());
    }

    static String bytes(long bytes) {
        if (bytes < 10_000) {
            return bytes + " bytes";
        }
        return bytes < 1_000_000 ? "%,.1f kB".formatted(bytes / 1e3) : "%,.1f MB".formatted(bytes / 1e6);
    }

    private static String millis(Duration time) {
        return String.format(Locale.ROOT, "%.1f ms", time.toNanos() / 1e6);
    }
}
