package io.weir.demos.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.URI;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jsoup.Jsoup;
import org.junit.jupiter.api.Test;

class LinkWriterTest {
    private static final Origins ORIGINS = new Origins(List.of(
            new Origin("site-0.weir.test", InetAddress.getLoopbackAddress(), 8080),
            new Origin("site-1.weir.test", InetAddress.getLoopbackAddress(), 8081)));

    private final LinkWriter links = new LinkWriter(ORIGINS);

    @Test
    void everySpellingOfEveryOddNameResolvesToTheNameAgain() {
        List<String> wrong = new ArrayList<>();
        Set<String> spellings = new HashSet<>();
        for (Page from : pages(0)) {
            for (Page to : pages(from.id() % 2)) {
                Dice dice = Dice.of(1, "test", from.id() * 1000 + to.id());
                for (int i = 0; i < 8; i++) {
                    String href = links.dress(links.href(from, to, dice), true, dice);
                    spellings.add(href);
                    if (!resolve(from, href).equals(ORIGINS.uri(to))) {
                        wrong.add(href + " on " + from.target() + " is not " + to.target() + " but "
                                + resolve(from, href));
                    }
                }
            }
        }
        assertThat(wrong).isEmpty();
        assertThat(spellings)
                .anyMatch(href -> href.startsWith("HTTP://SITE-1.WEIR.TEST"))
                .anyMatch(href -> href.startsWith("//site-0"))
                .anyMatch(href -> href.startsWith("../../"))
                .anyMatch(href -> href.startsWith("./colon:"))
                .anyMatch(href -> href.contains("/detour/./../"))
                .anyMatch(href -> href.contains("#part-"))
                .anyMatch(href -> href.startsWith("\n"))
                .anyMatch(href -> href.contains("café"))
                .anyMatch(href -> href.contains("日本語"))
                .anyMatch(href -> href.contains("with space"))
                .anyMatch(href -> href.startsWith("?") || href.startsWith("./?") || href.startsWith("a?"));
    }

    @Test
    void relativeReferencesTakeTheShortestWay() {
        assertThat(LinkWriter.relative("/a/b/c.html", "/a/b/d.html")).isEqualTo("d.html");
        assertThat(LinkWriter.relative("/a/b/c.html", "/a/d/e.html")).isEqualTo("../d/e.html");
        assertThat(LinkWriter.relative("/a/b/", "/a/")).isEqualTo("../");
        assertThat(LinkWriter.relative("/a/b", "/a/")).isEqualTo("./");
        assertThat(LinkWriter.relative("/", "/a")).isEqualTo("a");
        assertThat(LinkWriter.relative("/x", "/?q=../y")).isEqualTo("./?q=../y");
    }

    private static List<Page> pages(int host) {
        List<Page> pages = new ArrayList<>();
        List<String> targets = new ArrayList<>(OddNames.ALL);
        targets.addAll(List.of("/", "/a/b/c/d.html", "/?q=1", "/topic/list?page=1&order=old", "/a/b/"));
        for (String target : targets) {
            pages.add(new Page(pages.size(), host, target, PageKind.ODD_NAME));
        }
        return pages;
    }

    private static URI resolve(Page from, String href) {
        String html = "<a href=\"" + href.replace("&", "&amp;") + "\">x</a>";
        return BreadthFirst.comparable(
                Jsoup.parse(html, ORIGINS.url(from)).select("a").first().absUrl("href"));
    }
}
