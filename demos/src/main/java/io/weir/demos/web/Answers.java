package io.weir.demos.web;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_16BE;
import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.charset.Charset;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/** What each page answers: a function of the page and of how often it has been asked for. */
final class Answers {
    static final String HTML = "text/html";
    static final String HTML_UTF_8 = "text/html; charset=utf-8";
    private static final String PLAIN = "text/plain; charset=utf-8";
    private static final char BYTE_ORDER_MARK = '\uFEFF';
    private static final byte[] NOTHING = {};
    private static final byte[] ONE_PIXEL = Base64.getDecoder()
            .decode("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNk+A8AAQUBAScY42YAAAAASUVORK5CYII=");

    private final WebPlan plan;
    private final PageWriter writer;

    Answers(WebPlan plan, PageWriter writer) {
        this.plan = plan;
        this.writer = writer;
    }

    /** The answer to a page's first request is number 1. */
    Answer answer(Page page, int request) {
        Redirect redirect = plan.redirect(page);
        if (redirect != null) {
            return new Answer(
                    redirect.status(),
                    HTML_UTF_8,
                    writer.location(page, redirect.to()),
                    notice("This page has moved."));
        }
        boolean odd = page.id() % 2 == 1;
        return switch (page.kind()) {
            case PAGE, SLOW, DROPS_ONCE, LARGE, ODD_NAME -> html(page, HTML_UTF_8, null, UTF_8);
            case FAILS_ONCE -> request == 1 ? failure(503, "Not now. Ask again.") : html(page, HTML_UTF_8, null, UTF_8);
            case NOT_FOUND -> notFound();
            case GONE -> failure(410, "This page is gone.");
            case SERVER_ERROR -> failure(500, "The mill has stopped.");
            case CHARSET_LIE -> html(page, HTML_UTF_8, null, ISO_8859_1);
            case CHARSET_UNKNOWN -> html(page, "text/html; charset=" + (odd ? "x-no-such-set" : "%%%"), null, UTF_8);
            case CHARSET_IN_META -> html(page, HTML, "iso-8859-1", ISO_8859_1);
            case CHARSET_MISSING -> html(page, HTML, null, UTF_8);
            case CHARSET_UTF16 -> html(page, HTML, null, odd ? UTF_16LE : UTF_16BE);
            case WRONG_TYPE ->
                odd ? ok("application/octet-stream", notice("This is HTML under a wrong name.")) : ok(HTML, ONE_PIXEL);
            case EMPTY -> ok(HTML_UTF_8, NOTHING);
            case DOWNLOAD -> ok("application/pdf", "%PDF-1.4\n% nothing to see\n%%EOF\n".getBytes(UTF_8));
            case ASSET -> asset(page.target());
            case ROBOTS -> robots(page);
            case REDIRECT, BROKEN_REDIRECT, REDIRECT_LOOP -> throw new IllegalStateException("leads nowhere: " + page);
        };
    }

    /** The answer once every oddity that passes has passed. */
    Answer settled(Page page) {
        return answer(page, Integer.MAX_VALUE);
    }

    static Answer notFound() {
        return failure(404, "There is no such page.");
    }

    /** The host that was asked for is not one of this web. */
    static Answer misdirected() {
        return failure(421, "There is no such host here.");
    }

    private Answer html(Page page, String contentType, @Nullable String metaCharset, Charset charset) {
        String html = writer.html(page, metaCharset);
        boolean marked = charset.name().startsWith("UTF-16");
        return ok(contentType, (marked ? BYTE_ORDER_MARK + html : html).getBytes(charset));
    }

    private Answer robots(Page page) {
        Robots robots = Robots.of(page.host(), plan.options().hosts());
        return switch (robots) {
            case MISSING -> notFound();
            case FAILING -> failure(500, "The rules are being rewritten.");
            case RULES, MOVED, EMPTY -> ok(PLAIN, robots.text().getBytes(UTF_8));
        };
    }

    private static Answer asset(String target) {
        if (target.endsWith(".css")) {
            return ok("text/css", "body { max-width: 40em; margin: auto }\n".getBytes(UTF_8));
        }
        if (target.endsWith(".js")) {
            return ok("text/javascript", "document.title += ' ~';\n".getBytes(UTF_8));
        }
        return ok("image/png", ONE_PIXEL);
    }

    private static Answer ok(String contentType, byte[] body) {
        return new Answer(200, contentType, null, body);
    }

    private static Answer failure(int status, String text) {
        return new Answer(status, HTML_UTF_8, null, notice(text));
    }

    private static byte[] notice(String text) {
        return ("<!DOCTYPE html>\n<title>" + text + "</title>\n<p>" + text + " <a href=\"/\">Home</a></p>\n")
                .getBytes(UTF_8);
    }
}
