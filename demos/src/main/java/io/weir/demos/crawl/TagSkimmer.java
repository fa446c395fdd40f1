package io.weir.demos.crawl;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Cuts a page down to the few tags that can hold a link, before the HTML parser sees it.
 *
 * <p>Most of a page is text and markup without links, and making a tree of it is most of a crawler's work. The skimmer
 * walks the bytes once, as the HTML tokeniser does (comments, quoted values, the raw text of scripts), copies each
 * link-bearing tag, and leaves attributes and entities to jsoup. Where the rules need more than a tokeniser knows, such
 * as text within inline SVG, it says so and the whole page is parsed. A test holds its links against those of a full parse.
 */
final class TagSkimmer {

    private static final byte[] ANCHOR = "<a href=".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] ANCHOR_END = "></a>".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] COMMENT = "<!--".getBytes(StandardCharsets.US_ASCII);

    private final byte[] page;
    private final ByteArrayOutputStream kept = new ByteArrayOutputStream(4096);
    private final SliceSet targets;

    /** The value of the first href in the tag read last; negative where it had none. */
    private int hrefStart;

    private int hrefEnd;

    /** How many SVG and MathML elements have begun and not ended, as far as one can tell without a tree. */
    private final int[] open = new int[2];

    private TagSkimmer(byte[] page) {
        this.page = page;
        this.targets = new SliceSet(page);
    }

    /** The page's link-bearing tags, each closed at once; null where only a parse of the whole page can tell. */
    static byte @Nullable [] skim(byte[] page) {
        TagSkimmer skimmer = new TagSkimmer(page);
        return skimmer.run() ? skimmer.kept.toByteArray() : null;
    }

    private boolean run() {
        int at = 0;
        while (at >= 0 && (at = next('<', at)) < page.length) {
            int first = byteAt(at + 1);
            if (letter(first)) {
                at = startTag(at);
            } else if (first == '/' && letter(byteAt(at + 2))) {
                at = endTag(at + 2);
            } else if (startsWith(COMMENT, at)) {
                at = endOfComment(at + 4);
            } else if (first == '!' || first == '?' || first == '/') {
                // In a drawing it may be CDATA, which ends otherwise.
                at = drawings() && first == '!' ? -1 : next('>', at + 1);
            } else {
                at++;
            }
        }
        return at >= 0;
    }

    /** Reads a start tag, with its raw text if it has such; answers where to go on, or -1 where that is not known. */
    private int startTag(int start) {
        int name = start + 1;
        int nameEnd = endOfName(name);
        int end = endOfTag(nameEnd);
        TagKind kind = TagKind.of(page, name, nameEnd);
        if (end >= page.length) {
            return page.length;
        }
        if (drawings() && kind.hasText()) {
            return -1;
        }
        int body = end + 1;
        switch (kind) {
            case OTHER -> {}
            case ANCHOR -> keepTarget();
            case LINK -> keep(start, body, name, nameEnd);
            case RAW_TEXT -> body = endOfRawText(name, nameEnd, body);
            case LINK_AND_RAW_TEXT -> {
                keep(start, body, name, nameEnd);
                body = endOfRawText(name, nameEnd, body);
            }
            case STYLE -> {
                int css = body;
                body = endOfRawText(name, nameEnd, css);
                // Copied as text it must read the same as markup.
                if (Math.min(next('<', css), next('&', css)) < body) {
                    return -1;
                }
                keep(start, body, name, nameEnd);
            }
            case SVG, MATH -> {
                open[kind == TagKind.SVG ? 0 : 1]++;
                // It may be closed with that, or the slash may belong to a value.
                body = page[end - 1] == '/' ? -1 : body;
            }
            case UNKNOWABLE -> body = -1;
        }
        return body;
    }

    private int endTag(int name) {
        int nameEnd = endOfName(name);
        TagKind kind = TagKind.of(page, name, nameEnd);
        if (kind == TagKind.SVG || kind == TagKind.MATH) {
            int drawing = kind == TagKind.SVG ? 0 : 1;
            open[drawing] = Math.max(0, open[drawing] - 1);
        }
        return endOfTag(nameEnd) + 1;
    }

    /** Whether this may be inside of SVG or MathML, where no tag's content is raw text. True where it is not certain. */
    private boolean drawings() {
        return open[0] + open[1] > 0;
    }

    private void keep(int start, int end, int name, int nameEnd) {
        kept.write(page, start, end - start);
        kept.write('<');
        kept.write('/');
        kept.write(page, name, nameEnd - name);
        kept.write('>');
    }

    /** Of an anchor only the target counts, and of that only what stands before the fragment, and that only once. */
    private void keepTarget() {
        int cut = hrefStart;
        // A hash after an ampersand belongs to a character reference.
        while (cut >= 0 && cut < hrefEnd && (page[cut] != '#' || page[cut - 1] == '&')) {
            cut++;
        }
        if (cut > hrefStart && targets.add(hrefStart, cut)) {
            byte before = page[hrefStart - 1];
            int quote = before == '"' || before == '\'' ? before : ' ';
            kept.writeBytes(ANCHOR);
            kept.write(quote);
            kept.write(page, hrefStart, cut - hrefStart);
            kept.write(quote);
            kept.writeBytes(ANCHOR_END);
        }
    }

    /** The position of the '>' that ends the tag, or the page's length; notes the first href on the way. */
    private int endOfTag(int afterName) {
        hrefStart = -1;
        int at = afterName;
        while (at < page.length && page[at] != '>') {
            if (space(page[at]) || page[at] == '/') {
                at++;
            } else {
                at = endOfAttribute(at);
            }
        }
        return at;
    }

    private int endOfAttribute(int name) {
        int at = name + 1;
        while (at < page.length && !space(page[at]) && page[at] != '/' && page[at] != '>' && page[at] != '=') {
            at++;
        }
        boolean href = hrefStart < 0 && at - name == 4 && TagKind.packed(page, name, at) == TagKind.HREF;
        int equals = afterSpaces(at);
        int value = byteAt(equals) == '=' ? afterSpaces(equals + 1) : at;
        boolean given = value > at && byteAt(value) != '>';
        boolean quoted = given && (byteAt(value) == '"' || byteAt(value) == '\'');
        int end = value;
        if (quoted) {
            end = next(page[value], value + 1);
        } else if (given) {
            while (end < page.length && !space(page[end]) && page[end] != '>') {
                end++;
            }
        }
        if (href) {
            hrefStart = quoted ? value + 1 : value;
            hrefEnd = given ? end : hrefStart;
        }
        return quoted ? Math.min(end + 1, page.length) : end;
    }

    /** Where the end tag of the same name starts; -1 for a script with a comment in it, whose end has rules of its own. */
    private int endOfRawText(int name, int nameEnd, int from) {
        long wanted = TagKind.packed(page, name, nameEnd);
        int at = from;
        while ((at = next('<', at)) < page.length) {
            if (byteAt(at + 1) == '/' && letter(byteAt(at + 2))) {
                int end = endOfName(at + 2);
                if (TagKind.packed(page, at + 2, end) == wanted) {
                    return at;
                }
            } else if (startsWith(COMMENT, at) && wanted == TagKind.SCRIPT) {
                return -1;
            }
            at++;
        }
        return page.length;
    }

    private int endOfComment(int from) {
        // "<!-->" and "<!--->" are comments too.
        int at = Math.max(from - 2, 0);
        while ((at = next('>', at)) < page.length) {
            boolean plain = page[at - 1] == '-' && page[at - 2] == '-';
            boolean banged = at >= from + 3 && page[at - 1] == '!' && page[at - 2] == '-' && page[at - 3] == '-';
            if (plain || banged) {
                return at + 1;
            }
            at++;
        }
        return page.length;
    }

    private int endOfName(int from) {
        int at = from;
        while (at < page.length && !space(page[at]) && page[at] != '/' && page[at] != '>') {
            at++;
        }
        return at;
    }

    private int afterSpaces(int from) {
        int at = from;
        while (at < page.length && space(page[at])) {
            at++;
        }
        return at;
    }

    private int next(int wanted, int from) {
        int at = from;
        while (at < page.length && page[at] != wanted) {
            at++;
        }
        return at;
    }

    private boolean startsWith(byte[] prefix, int at) {
        return at + prefix.length <= page.length
                && Arrays.equals(prefix, 0, prefix.length, page, at, at + prefix.length);
    }

    private int byteAt(int at) {
        return at < page.length ? page[at] : ' ';
    }

    private static boolean letter(int c) {
        int lower = c | 0x20;
        return lower >= 'a' && lower <= 'z';
    }

    private static boolean space(int c) {
        return c == ' ' || (c >= '\t' && c <= '\r' && c != 0x0B);
    }
}
