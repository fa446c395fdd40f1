package io.weir.demos.web;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_16;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.weir.demos.web.RawHttp.Response;
import java.io.EOFException;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.Charset;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Each oddity, as it looks on the wire. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class AnswersTest {
    private static final String LETTERS = "by the café";

    private TestWeb web;
    private Truth truth;

    @BeforeAll
    void start() {
        TestWebOptions.Builder options = Webs.quick().hosts(6).pages(500);
        for (PageKind kind : PageKind.values()) {
            if (kind.oddity()) {
                options.share(kind, 0.03);
            }
        }
        web = Webs.start(options);
        truth = web.truth();
    }

    @AfterAll
    void stop() {
        web.close();
    }

    private Response get(URI uri) throws IOException {
        return RawHttp.get(web, uri);
    }

    @Test
    void theFirstRequestOfSomePagesFailsAndLaterOnesSucceed() throws IOException {
        for (URI uri : truth.ofKind(PageKind.FAILS_ONCE)) {
            assertThat(List.of(get(uri).status(), get(uri).status(), get(uri).status()))
                    .containsExactly(503, 200, 200);
        }
    }

    @Test
    void theFirstRequestOfSomePagesLosesItsConnectionBeforeOrAmidTheAnswer() throws IOException {
        TreeSet<String> cutOff = new TreeSet<>();
        for (URI uri : truth.ofKind(PageKind.DROPS_ONCE)) {
            assertThatExceptionOfType(EOFException.class)
                    .isThrownBy(() -> get(uri))
                    .satisfies(e -> cutOff.add(e.getMessage().replaceAll("\\d+", "N")));
            assertThat(get(uri).status()).isEqualTo(200);
            ServedUrl served = web.served().of(uri);
            assertThat(served.dropped()).isOne();
            assertThat(served.requests()).isEqualTo(2);
            assertThat(served.statuses()).containsOnlyKeys(200);
        }
        assertThat(cutOff).containsExactly("N bytes of N", "in the head");
    }

    @Test
    void somePagesAreNeverThere() throws IOException {
        for (URI uri : truth.ofKind(PageKind.NOT_FOUND)) {
            assertThat(get(uri).status()).isEqualTo(404);
        }
        for (URI uri : truth.ofKind(PageKind.GONE)) {
            assertThat(get(uri).status()).isEqualTo(410);
        }
        for (URI uri : truth.ofKind(PageKind.SERVER_ERROR)) {
            assertThat(List.of(get(uri).status(), get(uri).status())).containsExactly(500, 500);
        }
    }

    @Test
    void charsetsAreAsWrongAsTheirKindsSay() throws IOException {
        assertThat(LETTERS.getBytes(UTF_8)).isNotEqualTo(LETTERS.getBytes(ISO_8859_1));
        assertEach(PageKind.CHARSET_LIE, ISO_8859_1, "text/html; charset=utf-8");
        assertEach(PageKind.CHARSET_UNKNOWN, UTF_8, "text/html; charset=%%%", "text/html; charset=x-no-such-set");
        assertEach(PageKind.CHARSET_IN_META, ISO_8859_1, "text/html");
        assertEach(PageKind.CHARSET_MISSING, UTF_8, "text/html");
        assertEach(PageKind.CHARSET_UTF16, UTF_16, "text/html");
        assertEach(PageKind.SLOW, UTF_8, "text/html; charset=utf-8");
        for (URI uri : truth.ofKind(PageKind.CHARSET_IN_META)) {
            assertThat(new String(get(uri).body(), ISO_8859_1)).contains("<meta charset=\"iso-8859-1\">");
        }
        assertThat(truth.ofKind(PageKind.CHARSET_UTF16).stream().map(this::firstByte))
                .contains((byte) 0xFE, (byte) 0xFF);
    }

    private void assertEach(PageKind kind, Charset charset, String... types) throws IOException {
        TreeSet<String> seen = new TreeSet<>();
        for (URI uri : truth.ofKind(kind)) {
            Response response = get(uri);
            seen.add(response.header("content-type"));
            assertThat(new String(response.body(), charset)).as("%s", kind).contains(LETTERS);
        }
        assertThat(seen).as("%s", kind).containsExactly(types);
    }

    private byte firstByte(URI uri) {
        try {
            return get(uri).body()[0];
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void sizesAreVaried() throws IOException {
        for (URI uri : truth.ofKind(PageKind.LARGE)) {
            assertThat(get(uri).body().length).isBetween(1_000_000, 3_010_000);
        }
        for (URI uri : truth.ofKind(PageKind.EMPTY)) {
            assertThat(get(uri).body()).isEmpty();
        }
        List<Long> plain = truth.ofKind(PageKind.PAGE).stream()
                .map(uri -> truth.pages().get(uri).bytes())
                .sorted()
                .toList();
        assertThat(plain.get(0)).isBetween(500L, 4_000L);
        assertThat(plain.get(plain.size() - 1)).isBetween(25_000L, 40_000L);
    }

    @Test
    void contentTypesAreWrongWhereTheKindSaysSo() throws IOException {
        TreeSet<String> seen = new TreeSet<>();
        for (URI uri : truth.ofKind(PageKind.WRONG_TYPE)) {
            Response response = get(uri);
            boolean reallyHtml = new String(response.body(), ISO_8859_1).startsWith("<!DOCTYPE html>");
            assertThat(reallyHtml).isNotEqualTo(response.header("content-type").startsWith("text/html"));
            seen.add(response.header("content-type"));
        }
        assertThat(seen).containsExactly("application/octet-stream", "text/html");
    }

    @Test
    void aRedirectSaysWhereInAllTheWaysThereAre() throws IOException {
        TreeSet<String> forms = new TreeSet<>();
        for (URI uri : truth.ofKind(PageKind.REDIRECT)) {
            String location = get(uri).header("location");
            forms.add(location.startsWith("/") ? "rooted" : location.startsWith("http:") ? "absolute" : "relative");
        }
        assertThat(forms).containsExactly("absolute", "relative", "rooted");
    }

    @Test
    void aHeadRequestGetsTheHeadOfTheAnswer() throws IOException {
        Response response = RawHttp.request(web, "HEAD", web.startUri());
        assertThat(response.status()).isEqualTo(200);
        assertThat(response.header("content-length"))
                .isEqualTo("" + truth.pages().get(web.startUri()).bytes());
        assertThat(response.body()).isEmpty();
    }

    @Test
    void assetsAreThere() throws IOException {
        assertThat(truth.assets()).hasSizeGreaterThan(6);
        for (URI uri : truth.assets()) {
            assertThat(get(uri).status()).isEqualTo(200);
        }
    }

    @Test
    void theClosedHostHasNoRulesToGive() throws IOException {
        URI closed = truth.disallowed().stream()
                .filter(uri -> uri.getRawPath().equals("/"))
                .findFirst()
                .orElseThrow();
        assertThat(web.homes()).doesNotContain(closed);
        assertThat(get(closed.resolve("/robots.txt")).status()).isEqualTo(500);
        assertThat(get(closed).status()).isEqualTo(200);
    }

    @Test
    void robotsTxtComesInEveryWay() throws IOException {
        TreeSet<Integer> statuses = new TreeSet<>();
        for (URI home : web.homes()) {
            statuses.add(get(home.resolve("/robots.txt")).status());
        }
        assertThat(statuses).containsExactly(200, 301, 404);
    }
}
