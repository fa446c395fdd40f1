package io.weir.demos.crawl;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PageStoreTest {

    private static final Path ROOT = Path.of("/root/of/all").toAbsolutePath();
    private static final String ALPHABET = "aAbB.%/\\:*?\"<>|!@~ _-%2e%2fé\0;=&+1";

    private final PageStore store = new PageStore(ROOT, Set.of("pages.ndjson"), true);

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "https://example.org/                | example.org/@index.html",
                "https://example.org/index.html      | example.org/index.html",
                "http://example.org/a/b.html         | example.org_80/a/b.html",
                "http://127.0.0.1:8099/a/            | 127.0.0.1_8099/a/@index.html",
                "https://example.org:8443/x.html     | example.org_https8443/x.html",
                "https://[::1]/x.html                | !5b!3a!3a1!5d/x.html",
                "https://h/style.css?v=1             | h/style.css@v=1",
                "https://h/?v=1                      | h/@index.html@v=1",
                "https://h/a                         | h/a@@",
                "https://h/a/b                       | h/a/b@@",
                "https://h/a.html/b.html             | h/a.html@@/b.html",
                "https://h/3.11/x.html               | h/3.11/x.html",
                "https://h/a//b.html                 | h/a/@/b.html",
                "https://h/con.html                  | h/!63on.html",
                "https://h/x.                        | h/x!2e@@",
                "https://h/a%2Fb*c.html              | h/a%2Fb!2ac.html",
                "https://pages.ndjson/x.html         | pages.ndjson@@/x.html",
            })
    void namesAreReadable(String url, String expected) {
        assertThat(store.file(url(url))).isEqualTo(ROOT.resolve(expected));
    }

    @Test
    void capitalsAreSpeltWhereTheFileSystemDoesNotTellThem() {
        PageStore insensitive = new PageStore(ROOT, Set.of(), false);
        assertThat(insensitive.file(url("https://h/aB.html"))).isEqualTo(ROOT.resolve("h/a!42.html"));
    }

    /** The parts are built by hand, so that what the URL parser would never let through is tried as well. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void noUrlLeavesTheRootAndNoTwoShareAFile(boolean caseSensitive) {
        PageStore some = new PageStore(ROOT, Set.of("pages.ndjson"), caseSensitive);
        Random random = new Random(3);
        Map<String, CanonicalUrl> owners = new HashMap<>();
        Set<String> folders = new HashSet<>();
        for (int i = 0; i < 60_000; i++) {
            CanonicalUrl url = hostile(random);
            Path file = some.file(url);
            assertThat(file.normalize()).as("%s", url).isEqualTo(file).startsWithRaw(ROOT);
            String key = caseSensitive ? file.toString() : file.toString().toLowerCase(Locale.ROOT);
            CanonicalUrl other = owners.put(key, url);
            assertThat(other == null || other.equals(url))
                    .as("%s and %s in %s", url, other, file)
                    .isTrue();
            Path folder = Objects.requireNonNull(file.getParent());
            for (; !folder.equals(ROOT); folder = Objects.requireNonNull(folder.getParent())) {
                folders.add(
                        caseSensitive ? folder.toString() : folder.toString().toLowerCase(Locale.ROOT));
            }
            for (Path name : ROOT.relativize(file)) {
                String text = name.toString();
                assertThat(text).as("%s", url).hasSizeLessThan(250).matches("[A-Za-z0-9._~+,=%()!@-]+");
                assertThat(text).as("%s", url).doesNotEndWith(".").doesNotMatch("(?i)(con|nul|aux|com1)(\\..*)?");
            }
        }
        assertThat(folders.stream().filter(owners::containsKey)).isEmpty();
        assertThat(owners).hasSizeGreaterThan(20_000);
    }

    @Test
    void longUrlsAreCutAndStayApart() {
        Set<Path> files = new HashSet<>();
        for (String tail : new String[] {"1", "2", "1/", "1/x.html", "1?q", "1.html", "2.html"}) {
            files.add(store.file(url("https://h/" + "a".repeat(300) + tail)));
            files.add(store.file(url("https://h/" + "d/".repeat(3000) + tail)));
            files.add(store.file(url("https://" + "h".repeat(300) + ".x/" + tail)));
            files.add(store.file(url("https://h/x.html?" + "q".repeat(300) + tail)));
        }
        assertThat(files)
                .hasSize(28)
                .allSatisfy(file -> assertThat(file.toString()).hasSizeLessThan(1300));
    }

    private static CanonicalUrl hostile(Random random) {
        String[] hosts = {"h", "h_80", "pages.ndjson", "h.com", "..", "[::1]"};
        String[] ports = {"", "", ":80", ":443", ":8080"};
        String[] names = {
            "..", ".", "con", "a", "A", "a.html", "A.html", "nul.txt", "", "@index.html", "index.html", "a@@", "a!2e"
        };
        StringBuilder path = new StringBuilder();
        for (int n = random.nextInt(4); n >= 0; n--) {
            path.append('/').append(random.nextInt(3) > 0 ? names[random.nextInt(names.length)] : text(random, 4));
        }
        String scheme = random.nextBoolean() ? "http" : "https";
        String port = ports[random.nextInt(ports.length)];
        boolean own = port.equals(scheme.equals("http") ? ":80" : ":443");
        String query = random.nextInt(3) > 0 ? null : text(random, 3);
        return new CanonicalUrl(
                scheme, hosts[random.nextInt(hosts.length)] + (own ? "" : port), path.toString(), query);
    }

    private static String text(Random random, int longest) {
        StringBuilder text = new StringBuilder();
        for (int n = random.nextInt(longest + 1); n > 0; n--) {
            text.append(ALPHABET.charAt(random.nextInt(ALPHABET.length())));
        }
        return text.toString();
    }

    private static CanonicalUrl url(String url) {
        return Objects.requireNonNull(CanonicalUrl.of(url), url);
    }
}
