package io.weir.demos.crawl;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Element;
import org.junit.jupiter.api.Test;

/** The skimmer is a shortcut. It may change how long it takes to find a page's links, and nothing else. */
class TagSkimmerTest {

    private static final CanonicalUrl PAGE = Objects.requireNonNull(CanonicalUrl.of("http://h/"));

    private static final String[] PIECES = {
        "<a href=1>",
        "<a href='2#f'>",
        "<A HREF=\"3\" title='>'>",
        "<a title=\"<a href=no>\" href=4>",
        "<a\thref = 5 >",
        "<a x='",
        "<a href=6",
        "'",
        "\"",
        ">",
        "<",
        "</",
        "/>",
        "=",
        "</a>",
        "</p>",
        "<p>",
        "<b/>",
        "text & more ",
        "<img src=7.png>",
        "<img src='8.png' alt=\"it's\">",
        "<link rel=x href=9>",
        "<script src=10>",
        "<script>",
        "</script>",
        "</SCRIPT >",
        "if (a<b && c>d) '</a>' ",
        "<title>",
        "</title>",
        "<textarea>",
        "</textarea>",
        "<style>",
        "</style>",
        "<!--",
        "-->",
        "--!>",
        "<!-->",
        "<!",
        "<!doctype html>",
        "<?x?>",
        "<div class=\"a b\">",
        "</div>",
        "<iframe src=11>",
        "</iframe>",
        "<xmp>",
        "</xmp>",
        "<area href=12/>",
        "<a/href=13>",
        "<a href>",
        "<a href=''>",
        "<ab href=no>",
        "<a=b href=no>",
        "\n",
        "<svg>",
        "<svg width=1>",
        "</svg>",
        "<math>",
        "</math>",
        "<svg/>",
        "<svg x=a/>",
        "<path d='M0'/>",
        "<![CDATA[",
        "]]>",
        "<image src=14.png>",
        "é",
    };

    @Test
    void linksAreThoseOfAFullParse() {
        Random random = new Random(11);
        int skimmed = 0;
        for (int i = 0; i < 60_000; i++) {
            StringBuilder html = new StringBuilder();
            for (int n = 1 + random.nextInt(12); n > 0; n--) {
                html.append(PIECES[random.nextInt(PIECES.length)]);
            }
            byte[] page = html.toString().getBytes(UTF_8);
            if (TagSkimmer.skim(page) != null) {
                skimmed++;
                assertThat(skimmed(page)).as("links of %s", html).isEqualTo(parsed(html.toString()));
            }
        }
        assertThat(skimmed).as("pages that could be skimmed").isGreaterThan(40_000);
    }

    @Test
    void keepsNothingOfAPageWithoutLinks() {
        assertThat(TagSkimmer.skim("<p>Hello <b class=x>world</b><a name=y></a><a href='#z'>".getBytes(UTF_8)))
                .isEmpty();
    }

    @Test
    void leavesToTheParserWhatOnlyAParserKnows() {
        assertThat(TagSkimmer.skim("<svg><title><a href=x></title></svg>".getBytes(UTF_8)))
                .isNull();
        assertThat(TagSkimmer.skim("<script><!-- <script> </script>".getBytes(UTF_8)))
                .isNull();
    }

    private static Set<String> skimmed(byte[] page) {
        Set<String> links = new TreeSet<>();
        LinkExtractor.links(PAGE, "text/html", page).forEach(url -> links.add(url.toString()));
        return links;
    }

    private static Set<String> parsed(String html) {
        Set<String> links = new TreeSet<>();
        for (Element element : Jsoup.parse(html).getAllElements()) {
            String name = switch (element.normalName()) {
                case "a", "area", "link" -> "href";
                case "img", "script", "iframe" -> "src";
                default -> "none";
            };
            CanonicalUrl url = CanonicalUrl.resolve(PAGE, element.attr(name));
            if (url != null
                    && !element.attr(name).isEmpty()
                    && !element.attr(name).startsWith("#")) {
                links.add(url.toString());
            }
        }
        return links;
    }
}
