package io.weir.demos.crawl;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_16BE;
import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.Charset;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LinkExtractorTest {

    private static final CanonicalUrl PAGE = Objects.requireNonNull(CanonicalUrl.of("http://h/dir/page.html"));

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '$',
            value = {
                "<a href=x.html>                                    | http://h/dir/x.html",
                "<A HREF='x.html'>                                  | http://h/dir/x.html",
                "<a  class=c  href = \"x.html\" >                     | http://h/dir/x.html",
                "<a href=x.html/>                                   | http://h/dir/x.html/",
                "<a/href=x.html>                                    | http://h/dir/x.html",
                "<a title='a > b' href=x.html>                      | http://h/dir/x.html",
                "<a title=it's href=x.html>                         | http://h/dir/x.html",
                "<a href=x.html href=y.html>                        | http://h/dir/x.html",
                "<a href=\"x?a=1&amp;b=2\">                         | http://h/dir/x?a=1&b=2",
                "<a href=\"x?a=1&#38;b=2\">                         | http://h/dir/x?a=1&b=2",
                "<a href=\"x&#35;part\">                            | http://h/dir/x",
                "<a href='x\"y'>                                    | http://h/dir/x%22y",
                "<area href=x.html>                                 | http://h/dir/x.html",
                "<link rel=stylesheet href=s.css>                   | http://h/dir/s.css",
                "<script src=s.js>var a = '<a href=no>';</script>   | http://h/dir/s.js",
                "<iframe src=f.html><a href=no></iframe>            | http://h/dir/f.html",
                "<img src=i.png>                                    | http://h/dir/i.png",
                "<img srcset='a.png 1x, b,c.png 2x'>                | http://h/dir/a.png http://h/dir/b,c.png",
                "<video src=v.mp4 poster=p.jpg>                     | http://h/dir/v.mp4 http://h/dir/p.jpg",
                "<video><source src=v.webm><track src=t.vtt></video>| http://h/dir/v.webm http://h/dir/t.vtt",
                "<object data=o.svg></object><embed src=e.swf>      | http://h/dir/o.svg http://h/dir/e.swf",
                "<input type=image src=i.png>                       | http://h/dir/i.png",
                "<body background=b.png>                            | http://h/dir/b.png",
                "<meta http-equiv=Refresh content='3; URL=next'>    | http://h/dir/next",
                "<style>a { background: url('b.png') }</style>      | http://h/dir/b.png",
                "<base href=/other/><a href=x>                      | http://h/other/x",
                "<base href=//g/><base href=/no/><a href=x>         | http://g/x",
                "<svg><a href=x></a></svg>                          | http://h/dir/x",
                "<!-- <a href=no> --><a href=x>                     | http://h/dir/x",
                "<!--><a href=x>                                    | http://h/dir/x",
                "<!-- a --!><a href=x>                              | http://h/dir/x",
                "<!doctype html><?php ?><a href=x>                  | http://h/dir/x",
                "<title><a href=no></title><a href=x>               | http://h/dir/x",
                "<textarea><a href=no></textarea ><a href=x>        | http://h/dir/x",
                "<script><!-- <script> </script> --></script><a href=x> | http://h/dir/x",
                "a < b <3 </> </ a> <a href=x>                      | http://h/dir/x",
                "<a href=x><a href=x#1><a href='x'>                 | http://h/dir/x",
                "<a href=x></a><b><i></b><a href=y>                 | http://h/dir/x http://h/dir/y",
                "<a name=x><a href><a href=''><a href='#top'>       | $$",
                "<a href='mailto:a@b'><a href='javascript:x()'>     | $$",
                "<a href=x                                          | $$",
                "<meta name=ROBOTS content='index, NoFollow'><a href=x> | $$",
                "<link rel=preconnect href=//g/><link rel=dns-prefetch href=//g/> | $$",
            })
    void html(String html, String expected) {
        assertThat(links(html.getBytes(UTF_8), "text/html")).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '$',
            value = {
                "url(a.png)                              | http://h/dir/a.png",
                "URL( \"a.png\" )                        | http://h/dir/a.png",
                "@import \"b.css\";                      | http://h/dir/b.css",
                "@import 'b.css' print;                  | http://h/dir/b.css",
                "@import url(b.css);                     | http://h/dir/b.css",
                "/* url(no.png) */ url(a.png)            | http://h/dir/a.png",
                "url(data:image/png;base64,AAAA)         | $$",
                "url(                                    | $$",
                "/* url(no.png)                          | $$",
            })
    void css(String css, String expected) {
        assertThat(links(css.getBytes(UTF_8), "text/css; charset=utf-8")).isEqualTo(expected);
    }

    @Nested
    class Encodings {
        private static final String HTML = "<a href='é.html'>";
        private static final String EXPECTED = "http://h/dir/%C3%A9.html";

        @Test
        void headerNamesIt() {
            assertThat(links(HTML.getBytes(ISO_8859_1), "text/html; charset=\"iso-8859-1\""))
                    .isEqualTo(EXPECTED);
        }

        @Test
        void markNamesIt() {
            for (Charset charset : List.of(UTF_16BE, UTF_16LE, UTF_8)) {
                assertThat(links(("\uFEFF" + HTML).getBytes(charset), "text/html; charset=iso-8859-1"))
                        .isEqualTo(EXPECTED);
            }
        }

        @Test
        void metaNamesIt() {
            String latin = "<meta charset=latin1>" + HTML;
            assertThat(links(latin.getBytes(ISO_8859_1), "text/html")).isEqualTo(EXPECTED);
            String old = "<meta http-equiv=Content-Type content='text/html; charset=windows-1252'>" + HTML;
            assertThat(links(old.getBytes(ISO_8859_1), "text/html")).isEqualTo(EXPECTED);
        }

        @Test
        void headerThatNamesNoneIsPassedOver() {
            String latin = "<meta charset=latin1>" + HTML;
            assertThat(links(latin.getBytes(ISO_8859_1), "text/html; charset=no-such"))
                    .isEqualTo(EXPECTED);
            assertThat(links(HTML.getBytes(UTF_8), "text/html; charset=%%%")).isEqualTo(EXPECTED);
        }

        @Test
        void isUtf8Otherwise() {
            assertThat(links(HTML.getBytes(UTF_8), "text/html")).isEqualTo(EXPECTED);
            assertThat(links(("<meta charset=utf-16>" + HTML).getBytes(UTF_8), "text/html"))
                    .isEqualTo(EXPECTED);
        }
    }

    @Test
    void tagMayGoOverLines() {
        assertThat(links("<a\nclass=c\r\n\thref\n=\n'x\n.html'\n>".getBytes(UTF_8), "text/html"))
                .isEqualTo("http://h/dir/x.html");
    }

    @Test
    void onlyHtmlAndCssAreRead() {
        byte[] html = "<a href=x>".getBytes(UTF_8);
        assertThat(links(html, "application/xhtml+xml")).isEqualTo("http://h/dir/x");
        assertThat(links(html, "")).isEqualTo("http://h/dir/x");
        assertThat(links("href=x".getBytes(UTF_8), "")).isEmpty();
        assertThat(links(html, "application/octet-stream")).isEmpty();
        assertThat(links(html, "text/plain")).isEmpty();
        assertThat(links(new byte[0], "text/html")).isEmpty();
    }

    private static String links(byte[] body, String contentType) {
        return String.join(
                " ",
                LinkExtractor.links(PAGE, contentType, body).stream()
                        .map(CanonicalUrl::toString)
                        .toList());
    }
}
