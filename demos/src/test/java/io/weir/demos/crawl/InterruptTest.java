package io.weir.demos.crawl;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.demos.Weir;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledIf;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Ctrl-C, as a terminal sends it, to a real process. */
@DisabledOnOs(OS.WINDOWS)
@DisabledIf(
        value = "io.weir.demos.CtrlC#isIgnored",
        disabledReason = "SIGINT is ignored here, as in a job in the background")
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class InterruptTest {

    @TempDir
    Path dir;

    @Test
    void ctrlCEndsWithACompleteReportAnd130() throws IOException, InterruptedException {
        Path out = dir.resolve("out");
        Path summary = dir.resolve("summary");
        Process weir = weir(summary, "crawl", "--concurrency", "4", "--out", out.toString());
        try (BufferedReader err = weir.errorReader(StandardCharsets.UTF_8)) {
            // The first line of progress tells that some of it is done, and much is not.
            for (String line = err.readLine(); line != null && !line.contains(" URLs, "); line = err.readLine()) {}
            new ProcessBuilder("kill", "-INT", Long.toString(weir.pid()))
                    .start()
                    .waitFor();
            assertThat(err.lines()).noneMatch(line -> line.contains("Exception") || line.startsWith("\tat "));
            assertThat(weir.waitFor(20, TimeUnit.SECONDS)).isTrue();
        } finally {
            weir.destroyForcibly();
        }
        assertThat(weir.exitValue()).isEqualTo(130);
        List<Map<String, @Nullable Object>> rows = CrawlRun.rows(out);
        Set<@Nullable Object> urls = new HashSet<>();
        rows.forEach(row ->
                assertThat(urls.add(row.get("url"))).as("one line for %s", row).isTrue());
        assertThat(rows).anyMatch(row -> "interrupted".equals(row.get("outcome")));
        assertThat(rows).anyMatch(row -> "ok".equals(row.get("outcome")));
        for (Map<String, @Nullable Object> row : rows) {
            if (row.get("file") instanceof String file) {
                assertThat(Files.size(out.resolve(file))).as("size of %s", file).isEqualTo(row.get("bytes"));
            }
        }
        assertThat(out.resolve(Report.BROKEN_LINKS)).exists();
        assertThat(Files.readString(summary))
                .startsWith("%,d URLs in ".formatted(rows.size()))
                .contains("interrupted");
    }

    @Test
    void crawlThatEndsLeavesNoThreadThatKeepsTheProcess() throws IOException, InterruptedException {
        Process weir = weir(dir.resolve("summary"), "crawl", "--quiet", "--max-pages", "50");
        try {
            assertThat(weir.waitFor(60, TimeUnit.SECONDS)).isTrue();
            assertThat(weir.exitValue()).isZero();
        } finally {
            weir.destroyForcibly();
        }
    }

    private static Process weir(Path stdout, String... args) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                Weir.class.getName());
        builder.command().addAll(List.of(args));
        return builder.redirectOutput(stdout.toFile()).start();
    }
}
