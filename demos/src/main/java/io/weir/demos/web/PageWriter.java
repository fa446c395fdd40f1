package io.weir.demos.web;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Writes a page's HTML. Nothing is kept: a page is written anew, and the same, each time it is asked for.
 *
 * <p>Its links stand between paragraphs, in the order of {@link WebPlan#linksOn}, spelled in all the ways people spell them.
 * Among them stands what looks like a link and leads nowhere; whoever asks for a {@code /trap/} has read a comment or a
 * script for a link.
 */
final class PageWriter {
    private static final int SMALL = 1_000;
    private static final int USUAL_LIMIT = 30_000;
    private static final int LARGE = 1_000_000;
    private static final int LARGE_LIMIT = 3_000_000;

    private static final List<String> NOT_TO_FOLLOW = List.of(
            "mailto:keeper@weir.test",
            "javascript:window.open('/trap/javascript.html')",
            "data:text/html,<a href='/trap/data.html'>no</a>",
            "tel:+44-1632-960000",
            "ftp://files.weir.test/trap",
            "http://[");

    private final WebPlan plan;
    private final Origins origins;
    private final Prose prose;
    private final LinkWriter links;

    PageWriter(WebPlan plan, Origins origins) {
        this.plan = plan;
        this.origins = origins;
        this.prose = new Prose(plan.options().seed());
        this.links = new LinkWriter(origins);
    }

    /** @param charset what a meta element says, if there is to be one */
    String html(Page page, @Nullable String charset) {
        Dice dice = Dice.of(plan.options().seed(), "html", page.id());
        int size = size(page.kind(), dice);
        Page base = base(page, dice);
        StringBuilder html = new StringBuilder(size + 4_000);
        head(html, page, base, charset, dice);
        List<Page> targets = plan.linksOn(page);
        int written = 0;
        for (Page target : targets) {
            fill(html, size / (targets.size() + 1) * written++, dice);
            anchor(html, page, base, target, dice);
        }
        if (dice.chance(0.4)) {
            html.append("<a href=\"").append(escape(dice.pick(NOT_TO_FOLLOW))).append("\">ask</a>\n");
        }
        if (base.equals(page) && !plan.behindRedirects().contains(page) && dice.chance(0.3)) {
            html.append(dice.chance(0.5) ? "<a href=\"#top\">top</a>\n" : "<a href=''>this page</a> <a name=x>x</a>\n");
        }
        fill(html, size, dice);
        return html.append("<!-- <a href=\"/trap/comment.html\">was here</a> -->\n</body>\n</html>\n")
                .toString();
    }

    /** What stands in a redirect's Location header. */
    String location(Page from, Page to) {
        Dice dice = Dice.of(plan.options().seed(), "location", from.id());
        if (from.host() != to.host() || dice.chance(0.5)) {
            return origins.url(to);
        }
        return dice.chance(0.5) ? to.target() : LinkWriter.relative(from.path(), to.target());
    }

    private static int size(PageKind kind, Dice dice) {
        if (kind == PageKind.LARGE) {
            return dice.between(LARGE, LARGE_LIMIT);
        }
        // The square of a die: most pages are small.
        int root = dice.below(1_000);
        return SMALL + (int) ((USUAL_LIMIT - SMALL) * (long) root * root / 1_000_000);
    }

    /** The page that relative links start from: itself, or another one that its base element names. */
    private Page base(Page page, Dice dice) {
        List<Page> neighbours = plan.linkedOn(page.host());
        if (neighbours.isEmpty() || !dice.chance(0.08)) {
            return page;
        }
        Page other = dice.pick(neighbours);
        return other.kind() == PageKind.PAGE ? other : page;
    }

    private void head(StringBuilder html, Page page, Page base, @Nullable String charset, Dice dice) {
        html.append("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n");
        if (charset != null) {
            html.append("<meta charset=\"").append(charset).append("\">\n");
        }
        html.append("<title>").append(title(page)).append("</title>\n");
        if (!base.equals(page)) {
            String href = dice.chance(0.5) ? base.target() : origins.url(base);
            html.append("<base href=\"").append(escape(href)).append("\">\n");
        }
        StringBuilder images = new StringBuilder();
        for (Page asset : plan.assetsOn(page)) {
            String file = asset.target();
            if (file.endsWith(".css")) {
                html.append("<link rel=\"stylesheet\" href=\"").append(file).append("\">\n");
            } else if (file.endsWith(".js")) {
                html.append("<script src=\"").append(file).append("\"></script>\n");
            } else {
                images.append("<img src=\"").append(file).append("\" alt=\"\">\n");
            }
        }
        html.append("<script>var tail = '<a href=\"/trap/script.html\">no link</a>';</script>\n</head>\n");
        html.append("<body id=\"top\">\n<h1>")
                .append(title(page))
                .append("</h1>\n")
                .append(images);
    }

    private static String title(Page page) {
        return "Page " + page.id() + " of host " + page.host() + ", by the café";
    }

    private void fill(StringBuilder html, int until, Dice dice) {
        while (html.length() < until) {
            html.append("<p>").append(prose.paragraph(dice.below(1_000))).append("</p>\n");
        }
    }

    private void anchor(StringBuilder html, Page page, Page base, Page to, Dice dice) {
        String href = links.href(base, to, dice);
        href = links.dress(href, page.kind() == PageKind.PAGE, dice);
        String text = ">page " + to.id() + "</a>\n";
        switch (dice.below(10)) {
            case 0 ->
                html.append("<A CLASS=x HREF='")
                        .append(escape(href))
                        .append('\'')
                        .append(text);
            case 1 ->
                html.append("<a href = \"")
                        .append(withEntities(href))
                        .append('"')
                        .append(text);
            case 2 -> html.append("<a href=\"").append(href).append('"').append(text); // bare ampersands
            default ->
                html.append("<a href=\"").append(escape(href)).append('"').append(text);
        }
    }

    private static String escape(String text) {
        return text.replace("&", "&amp;")
                .replace("\"", "&quot;")
                .replace("'", "&#39;")
                .replace("<", "&lt;");
    }

    private static String withEntities(String href) {
        return escape(href).replace("/", "&#47;").replace(":", "&#x3A;").replace("=", "&equals;");
    }
}
