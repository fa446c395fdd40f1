package io.weir.demos.crawl;

import java.nio.charset.Charset;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Set;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;
import org.jsoup.nodes.Node;
import org.jsoup.parser.ParseSettings;
import org.jsoup.parser.Parser;
import org.jspecify.annotations.Nullable;

/**
 * Finds every URL that a page asks its reader's browser to load or offers to follow: anchors, frames, images, scripts,
 * style sheets, media, redirects by {@code <meta>}. This is processor work, so the crawl offloads it.
 *
 * <p>A page that says {@code <meta name=robots content=nofollow>} is taken at its word and has no links.
 */
final class LinkExtractor {

    private final Set<CanonicalUrl> urls = new LinkedHashSet<>();
    private final Set<String> seen = new HashSet<>();
    private CanonicalUrl base;
    private boolean baseSet;
    private boolean nofollow;

    private LinkExtractor(CanonicalUrl page) {
        this.base = page;
    }

    /** The links of a page or style sheet, each once, in the order of the page; none where the type is neither. */
    static Set<CanonicalUrl> links(CanonicalUrl page, String contentType, byte[] body) {
        LinkExtractor extractor = new LinkExtractor(page);
        if (isHtml(contentType, body)) {
            extractor.html(body, PageCharset.of(body, contentType));
        } else if (isCss(contentType)) {
            CssLinks.find(new String(body, PageCharset.of(body, contentType)), extractor::add);
        }
        return extractor.nofollow ? Set.of() : extractor.urls;
    }

    /** Whether this is something with links in it. */
    static boolean reads(String contentType, byte[] body) {
        return isCss(contentType) || isHtml(contentType, body);
    }

    private static boolean isCss(String contentType) {
        return type(contentType).equals("text/css");
    }

    private static boolean isHtml(String contentType, byte[] body) {
        String type = type(contentType);
        if (type.isEmpty()) {
            int from = 0;
            while (from < body.length && from < 512 && body[from] <= ' ') {
                from++;
            }
            return from < body.length && body[from] == '<';
        }
        return type.equals("text/html") || type.equals("application/xhtml+xml");
    }

    private static String type(String contentType) {
        int end = contentType.indexOf(';');
        return (end < 0 ? contentType : contentType.substring(0, end)).trim().toLowerCase(Locale.ROOT);
    }

    private void html(byte[] body, Charset charset) {
        byte @Nullable [] tags = PageCharset.likeAscii(charset) ? TagSkimmer.skim(body) : null;
        // The skimmed tags are closed and flat already, so the rules of HTML's tree have nothing left to say.
        Parser parser = tags == null ? Parser.htmlParser() : Parser.xmlParser().settings(ParseSettings.htmlDefault);
        Document document = Jsoup.parse(new String(tags == null ? body : tags, charset), "", parser);
        for (Node node = document; node != null && !nofollow; node = next(node)) {
            if (node instanceof Element element) {
                element(element);
            }
        }
    }

    /** The next node in the order of the page. */
    private static @Nullable Node next(Node node) {
        if (node.childNodeSize() > 0) {
            return node.childNode(0);
        }
        Node at = node;
        while (at != null && at.nextSibling() == null) {
            at = at.parent();
        }
        return at == null ? null : at.nextSibling();
    }

    private void element(Element element) {
        switch (element.normalName()) {
            case "a", "area" -> attribute(element, "href");
            case "base" -> base(element);
            case "link" -> link(element);
            case "meta" -> meta(element);
            case "frame", "iframe", "script", "input", "embed", "audio", "track" -> attribute(element, "src");
            case "img", "source" -> {
                attribute(element, "src");
                srcset(element.attr("srcset"));
            }
            case "video" -> {
                attribute(element, "src");
                attribute(element, "poster");
            }
            case "object" -> attribute(element, "data");
            case "body" -> attribute(element, "background");
            case "style" -> CssLinks.find(element.data() + element.wholeText(), this::add);
            default -> {}
        }
    }

    private void base(Element element) {
        CanonicalUrl url = baseSet ? null : CanonicalUrl.resolve(base, element.attr("href"));
        if (url != null && element.hasAttr("href")) {
            base = url;
            baseSet = true;
        }
    }

    private void link(Element element) {
        String rel = element.attr("rel").toLowerCase(Locale.ROOT);
        // Hints to warm up a connection name an origin, not a page.
        if (!rel.contains("preconnect") && !rel.contains("dns-prefetch")) {
            attribute(element, "href");
        }
    }

    private void meta(Element element) {
        String content = element.attr("content");
        if (element.attr("name").equalsIgnoreCase("robots")) {
            String rules = content.toLowerCase(Locale.ROOT);
            nofollow |= rules.contains("nofollow") || rules.contains("none");
        } else if (element.attr("http-equiv").equalsIgnoreCase("refresh")) {
            int url = content.toLowerCase(Locale.ROOT).indexOf("url=");
            if (url >= 0) {
                add(content.substring(url + 4).replace("\"", "").replace("'", ""));
            }
        }
    }

    private void attribute(Element element, String name) {
        if (element.hasAttr(name)) {
            add(element.attr(name));
        }
    }

    /** Candidates are told apart by a comma with a space, since a URL may hold a bare comma. */
    private void srcset(String candidates) {
        for (String candidate : candidates.split(",\\s+")) {
            String[] parts = candidate.trim().split("\\s+");
            if (!parts[0].isEmpty()) {
                add(parts[0]);
            }
        }
    }

    private void add(String href) {
        if (!seen.add(href) || href.startsWith("#")) {
            return;
        }
        CanonicalUrl url = CanonicalUrl.resolve(base, href);
        if (url != null) {
            urls.add(url);
        }
    }
}
