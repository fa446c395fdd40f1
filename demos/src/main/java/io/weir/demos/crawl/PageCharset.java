package io.weir.demos.crawl;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Finds the encoding of an HTML page, in the order of trust: byte order mark, header, the page's own word, UTF-8. */
final class PageCharset {

    /** How far into a page its own declaration may stand. */
    private static final int PRESCAN = 1024;

    private PageCharset() {}

    static Charset of(byte[] page, String contentType) {
        Charset marked = byMark(page);
        if (marked != null) {
            return marked;
        }
        Charset told = named(contentType);
        if (told != null) {
            return told;
        }
        // Latin-1 reads any bytes, and the declaration itself is ASCII.
        String head = new String(page, 0, Math.min(page.length, PRESCAN), StandardCharsets.ISO_8859_1);
        Charset own = named(head);
        // A page whose declaration can be read byte by byte is not UTF-16, whatever it says.
        return own == null || !likeAscii(own) ? StandardCharsets.UTF_8 : own;
    }

    /** Whether ASCII stands in this encoding as itself, so that markup can be found without decoding. */
    static boolean likeAscii(Charset charset) {
        String name = charset.name();
        return !name.startsWith("UTF-16")
                && !name.startsWith("UTF-32")
                && !name.contains("ISO-2022")
                && !name.startsWith("IBM")
                && !name.startsWith("x-IBM")
                && !name.startsWith("x-JIS");
    }

    private static @Nullable Charset byMark(byte[] page) {
        int a = page.length > 0 ? page[0] & 0xff : -1;
        int b = page.length > 1 ? page[1] & 0xff : -1;
        int c = page.length > 2 ? page[2] & 0xff : -1;
        if (a == 0xEF && b == 0xBB && c == 0xBF) {
            return StandardCharsets.UTF_8;
        }
        if (a == 0xFE && b == 0xFF) {
            return StandardCharsets.UTF_16BE;
        }
        return a == 0xFF && b == 0xFE ? StandardCharsets.UTF_16LE : null;
    }

    /** The first encoding named by a {@code charset=} that this JVM knows. */
    private static @Nullable Charset named(String text) {
        String lower = text.toLowerCase(Locale.ROOT);
        for (int at = lower.indexOf("charset"); at >= 0; at = lower.indexOf("charset", at + 1)) {
            int from = at + "charset".length();
            while (from < lower.length() && " \t=\"'".indexOf(lower.charAt(from)) >= 0) {
                from++;
            }
            int to = from;
            while (to < lower.length() && " \t\r\n\"';,/>".indexOf(lower.charAt(to)) < 0) {
                to++;
            }
            try {
                return Charset.forName(lower.substring(from, to));
            } catch (IllegalArgumentException e) {
                // Not an encoding, or none we know: the next one may be.
            }
        }
        return null;
    }
}
