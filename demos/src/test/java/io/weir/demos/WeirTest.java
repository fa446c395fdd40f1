package io.weir.demos;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.demos.web.PageKind;
import io.weir.demos.web.TestWeb;
import io.weir.demos.web.TestWebOptions;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The command line, run in this JVM. */
class WeirTest {

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "''                                   | Usage: weir",
                "--help                               | Usage: weir",
                "--version                            | weir (",
                "crawl --help                         | Usage: weir crawl",
                "crawl -h                             | robots.txt",
            })
    void helps(String line, String expected) {
        assertThat(weir(line)).isZero();
        assertThat(out.toString()).contains(expected);
        assertThat(err.toString()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "craw                                  | did you mean crawl?",
                "--no-such                             | '--no-such'",
                "crawl --no-such                       | '--no-such'",
                "crawl --max-pages                     | '--max-pages'",
                "crawl --max-pages many http://h/      | '--max-pages'",
                "crawl --max-pages 0 http://h/         | --max-pages",
                "crawl --concurrency 0 http://h/       | --concurrency",
                "crawl --per-host 2000 http://h/       | --per-host",
                "crawl --retries -1 http://h/          | --retries",
                "crawl --timeout soon http://h/        | 'soon'",
                "crawl --timeout 0s http://h/          | '0s'",
                "crawl --timeout 9999999999999m http://h/ | 9999999999999m",
                "crawl --max-body 0 http://h/          | --max-body",
                "crawl example.org                     | 'example.org'",
                "crawl ftp://example.org/              | 'ftp://example.org/'",
                "crawl http://                         | 'http://'",
                "crawl http://h:99999/                 | 'http://h:99999/'",
            })
    void badUsageIsOneLineAndTwo(String line, String expected) {
        assertThat(weir(line)).isEqualTo(2);
        assertThat(err.toString().lines())
                .singleElement()
                .asString()
                .contains(expected)
                .startsWith("weir");
        assertThat(out.toString()).isEmpty();
    }

    @Test
    void folderThatCannotBeMadeIsBadUsage(@TempDir Path dir) throws IOException {
        Path file = Files.writeString(dir.resolve("file"), "x");
        for (Path unusable : new Path[] {file, file.resolve("below")}) {
            assertThat(weir("crawl", "http://127.0.0.1:1/", "--out", unusable.toString()))
                    .isEqualTo(2);
        }
        assertThat(err.toString().lines()).hasSize(2).allMatch(line -> line.contains("--out " + file));
    }

    @Test
    void refusedConnectionIsOneLineAndTwo(@TempDir Path dir) throws IOException {
        int port;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        String url = "http://127.0.0.1:" + port + "/";
        assertThat(weir("crawl", url, "--retries", "0", "--quiet", "--out", dir.toString()))
                .isEqualTo(2);
        assertThat(err.toString().lines()).singleElement().asString().contains(url, "connect-failed");
        assertThat(Files.readString(dir.resolve("pages.ndjson"))).contains("\"outcome\":\"connect-failed\"");
    }

    @Test
    void unknownHostIsOneLineAndTwo() {
        assertThat(weir("crawl http://no-such-host.invalid/ --retries 0 --quiet"))
                .isEqualTo(2);
        assertThat(err.toString().lines()).singleElement().asString().contains("no-such-host.invalid", "unknown-host");
    }

    @Test
    void hostThatIsNoHostIsOneLineAndTwo() {
        assertThat(weir("crawl http://127.1/ --quiet")).isEqualTo(2);
        assertThat(err.toString().lines()).singleElement().asString().contains("http://127.1/");
    }

    @Test
    void failedPagesCountOnlyWhereItIsStrict() {
        TestWebOptions some = TestWebOptions.builder()
                .hosts(1)
                .pages(20)
                .onlyPlainPages()
                .share(PageKind.NOT_FOUND, 0.2)
                .build();
        try (TestWeb web = Objects.requireNonNull(TestWeb.start(some).block())) {
            assertThat(weir("crawl", web.startUri().toString(), "--quiet")).isZero();
            assertThat(weir("crawl", web.startUri().toString(), "--quiet", "--strict"))
                    .isEqualTo(1);
            assertThat(out.toString()).contains("http 404", "broken links");
            assertThat(err.toString()).isEmpty();
        }
    }

    @Test
    void withoutUrlItCrawlsAWebOfItsOwn() {
        assertThat(weir("crawl --max-pages 300")).isZero();
        assertThat(err.toString()).contains("No URL given");
        assertThat(out.toString()).startsWith("300 URLs in ").contains("beyond --max-pages");
    }

    private int weir(String line) {
        return weir(line.isEmpty() ? new String[0] : line.split(" "));
    }

    private int weir(String... args) {
        return Weir.run(new PrintWriter(out, true), new PrintWriter(err, true), args);
    }
}
