package io.weir.demos.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LoadPageTest {
    private static final String LONG_URL = "http://127.0.0.1:8080/" + "a-long-path/".repeat(20) + "?q=\"<b>\"&r=1";

    @TempDir
    Path dir;

    private static String page() {
        Measurement all = new Measurement("open loop: 100,000/s over 1000 connections", true);
        long now = System.nanoTime();
        for (int i = 0; i < 1000; i++) {
            all.add(i % 7 == 0 ? "failed in CONNECT" : "status 200", now - i * 40_000_000L, now - i * 1000L);
        }
        return LoadPage.of(LONG_URL, List.of(all, all));
    }

    @Test
    void needsNothingElse() {
        assertThat(page().replace(LoadPage.escaped(LONG_URL), ""))
                .doesNotContain("http:", "https:", "src=", "href=", "url(", "@import", "<script");
    }

    @Test
    void whatIsGivenIsText() {
        assertThat(page()).contains("q=&quot;&lt;b&gt;&quot;&amp;r=1").doesNotContain("<b>");
    }

    @Test
    void scalesAndFollowsTheColourScheme() {
        assertThat(page())
                .contains("width=device-width", "prefers-color-scheme: dark", "viewBox")
                .doesNotContain("NaN");
    }

    @Test
    void phoneNeedNotScrollSideways() throws IOException, InterruptedException {
        Path chromium = chromium();
        // In a frame as wide as a phone, as a browser's window cannot be so narrow.
        Path outer = Files.writeString(dir.resolve("outer.html"), """
                <iframe id=phone style="width:360px;height:800px;border:0" srcdoc="%s"></iframe>
                <script>
                  onload = () => {
                    const page = phone.contentDocument.documentElement;
                    document.title = page.scrollWidth > page.clientWidth ? "scrolls sideways" : "fits";
                  };
                </script>
                """.formatted(
                        page().replace("&", "&amp;").replace("\"", "&quot;")));
        Path dom = dir.resolve("dom.html");
        Process browser = new ProcessBuilder(
                        chromium.toString(),
                        "--headless",
                        "--no-sandbox",
                        "--disable-gpu",
                        "--user-data-dir=" + dir.resolve("profile"),
                        "--dump-dom",
                        outer.toUri().toString())
                .redirectOutput(dom.toFile())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        try {
            assertThat(browser.waitFor(60, TimeUnit.SECONDS)).isTrue();
        } finally {
            browser.destroyForcibly();
        }
        assertThat(Files.readString(dom, StandardCharsets.UTF_8)).contains("<title>fits</title>");
    }

    private static Path chromium() {
        List<Path> found = Stream.of(System.getenv("PATH").split(File.pathSeparator))
                .map(folder -> Path.of(folder, "chromium"))
                .filter(Files::isExecutable)
                .toList();
        assumeTrue(!found.isEmpty(), "there is no chromium on the PATH");
        return found.get(0);
    }
}
