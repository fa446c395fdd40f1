package io.weir.demos.crawl;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CanonicalUrlTest {

    private static final CanonicalUrl PAGE = of("http://example.org/a/b/page.html?old=1");

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '$',
            value = {
                "HTTP://EXAMPLE.org                       | http://example.org/",
                "http://example.org:80/x                  | http://example.org/x",
                "https://example.org:443/x                | https://example.org/x",
                "http://example.org:443/x                 | http://example.org:443/x",
                "http://example.org:08080/                | http://example.org:8080/",
                "http://example.org/x#top                 | http://example.org/x",
                "http://example.org?q=1                   | http://example.org/?q=1",
                "http://example.org/?                     | http://example.org/?",
                "http://example.org/a/./b/../c            | http://example.org/a/c",
                "http://example.org/../../x               | http://example.org/x",
                "http://example.org/a/b/..                | http://example.org/a/",
                "http://example.org/a/.                   | http://example.org/a/",
                "http://example.org/a//b                  | http://example.org/a//b",
                "http://example.org/%7euser               | http://example.org/~user",
                "http://example.org/%2e%2e/x              | http://example.org/x",
                "http://example.org/%c3%a9                | http://example.org/%C3%A9",
                "http://example.org/é ü                   | http://example.org/%C3%A9%20%C3%BC",
                "http://example.org/100%                  | http://example.org/100%25",
                "http://example.org/%zz                   | http://example.org/%25zz",
                "http://example.org/a%2Fb                 | http://example.org/a%2Fb",
                "http://example.org/ab<c>\"d\"^`{}       | http://example.org/ab%3Cc%3E%22d%22%5E%60%7B%7D",
                "http://example.org/?q=a b&c=[1]          | http://example.org/?q=a%20b&c=%5B1%5D",
                "http://example.org/?next=/x/../y         | http://example.org/?next=/x/../y",
                "http://user:secret@example.org/          | http://example.org/",
                "http://münchen.example/                  | http://xn--mnchen-3ya.example/",
                "http://[::1]:8080/                       | http://[::1]:8080/",
                "http:\\\\example.org\\a\\b               | http://example.org/a/b",
                "http://under_score.example/              | http://under_score.example/",
            })
    void absolute(String url, String expected) {
        assertThat(of(url)).hasToString(expected);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '$',
            value = {
                "next.html            | http://example.org/a/b/next.html",
                "./next.html          | http://example.org/a/b/next.html",
                "../up.html           | http://example.org/a/up.html",
                "../../../../top.html | http://example.org/top.html",
                "/root.html           | http://example.org/root.html",
                "//other.example/x    | http://other.example/x",
                "?new=2               | http://example.org/a/b/page.html?new=2",
                "#there               | http://example.org/a/b/page.html?old=1",
                "$$                   | http://example.org/a/b/page.html?old=1",
                "x.html#there         | http://example.org/a/b/x.html",
                "sub/x y.html?a=b c   | http://example.org/a/b/sub/x%20y.html?a=b%20c",
                "1:2                  | http://example.org/a/b/1:2",
                "./x:y                | http://example.org/a/b/x:y",
            })
    void relative(String href, String expected) {
        assertThat(CanonicalUrl.resolve(PAGE, href)).hasToString(expected);
    }

    @Test
    void whitespaceAroundAndBreaksWithinAreDropped() {
        assertThat(CanonicalUrl.resolve(PAGE, " \n x\n\t.html \r\n")).hasToString("http://example.org/a/b/x.html");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "mailto:a@example.org",
                "javascript:alert(1)",
                "data:text/html,x",
                "ftp://example.org/",
                "http:relative",
                "https:///no-host",
                "http://",
                "http://exa mple/",
                "http://example.org:port/",
                "http://example.org:99999/",
                "http://example.org:0/",
                "http://.example.org/",
                "http://example..org/",
                "http://[::1/",
                "http://%00/",
            })
    void isNothingToFollow(String href) {
        assertThat(CanonicalUrl.resolve(PAGE, href)).isNull();
    }

    /** Whatever a page says: no exception, a URL that java.net.URI can read, and one that is its own canonical form. */
    @Test
    void anyTextGivesAStableAndValidUrlOrNone() {
        Random random = new Random(7);
        String alphabet = "ab%2eE/.\\:?#@[]é\0 \n\t|<>\"{}^`~;=&+0";
        int urls = 0;
        for (int i = 0; i < 200_000; i++) {
            StringBuilder href = new StringBuilder(random.nextBoolean() ? "" : "http://h");
            for (int n = random.nextInt(14); n > 0; n--) {
                href.append(alphabet.charAt(random.nextInt(alphabet.length())));
            }
            CanonicalUrl url = CanonicalUrl.resolve(PAGE, href.toString());
            if (url != null) {
                urls++;
                assertThat(URI.create(url.toString()).getRawPath())
                        .as("of %s", href)
                        .startsWith("/");
                assertThat(CanonicalUrl.of(url.toString())).as("of %s", href).isEqualTo(url);
                assertThat(url.path()).doesNotContain("/../").doesNotContain("/./");
            }
        }
        assertThat(urls).isGreaterThan(100_000);
    }

    private static @Nullable CanonicalUrl of(String url) {
        return CanonicalUrl.of(url);
    }
}
