package io.weir.http;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Finds the charset of a body and decodes it. Nothing a server sends makes this throw. */
final class BodyText {
    /** So far, browsers too look for the charset in a page. */
    private static final int PRESCAN = 1024;

    private static final Pattern HTML = Pattern.compile("^\\s*(text/html|application/xhtml)", Pattern.CASE_INSENSITIVE);
    private static final Pattern COMMENT = Pattern.compile("<!--.*?(-->|$)", Pattern.DOTALL);
    private static final Pattern META =
            Pattern.compile("<meta[\\s/][^>]*?charset\\s*=\\s*[\"']?\\s*([^\\s\"'/>;]+)", Pattern.CASE_INSENSITIVE);

    private BodyText() {}

    static Charset charset(@Nullable String contentType, byte[] body) {
        Charset named = contentType == null ? null : parameter(contentType);
        if (named != null) {
            return named;
        }
        Charset marked = mark(body);
        if (marked != null) {
            return marked;
        }
        Charset meta = contentType == null || HTML.matcher(contentType).find() ? meta(body) : null;
        return meta == null ? StandardCharsets.UTF_8 : meta;
    }

    static String decode(byte[] body, Charset charset) {
        Charset marked = mark(body);
        // UTF-16 without an order reads the mark itself; any other charset would show it as a character.
        boolean skip = marked != null && marked.equals(charset);
        int from = skip ? (charset.equals(StandardCharsets.UTF_8) ? 3 : 2) : 0;
        return new String(body, from, body.length - from, charset);
    }

    /** What the page says of itself; if that were UTF-16, it could not be read as it is. */
    private static @Nullable Charset meta(byte[] body) {
        String start = new String(body, 0, Math.min(body.length, PRESCAN), StandardCharsets.ISO_8859_1);
        if (start.indexOf('<') < 0) {
            return null;
        }
        Matcher meta = META.matcher(COMMENT.matcher(start).replaceAll(""));
        Charset named = meta.find() ? forName(meta.group(1)) : null;
        return named != null && named.name().startsWith("UTF-16") ? StandardCharsets.UTF_8 : named;
    }

    private static @Nullable Charset mark(byte[] body) {
        if (body.length >= 3 && body[0] == (byte) 0xef && body[1] == (byte) 0xbb && body[2] == (byte) 0xbf) {
            return StandardCharsets.UTF_8;
        }
        if (body.length >= 2 && body[0] == (byte) 0xfe && body[1] == (byte) 0xff) {
            return StandardCharsets.UTF_16BE;
        }
        if (body.length >= 2 && body[0] == (byte) 0xff && body[1] == (byte) 0xfe) {
            return StandardCharsets.UTF_16LE;
        }
        return null;
    }

    /** The charset parameter, quoted or not; semicolons inside quotes of other parameters do not occur in practice. */
    private static @Nullable Charset parameter(String contentType) {
        String[] parts = contentType.split(";");
        for (int i = 1; i < parts.length; i++) {
            int equals = parts[i].indexOf('=');
            if (equals > 0
                    && parts[i].substring(0, equals)
                            .strip()
                            .toLowerCase(Locale.ROOT)
                            .equals("charset")) {
                return forName(
                        parts[i].substring(equals + 1).strip().replace("\"", "").replace("'", ""));
            }
        }
        return null;
    }

    private static @Nullable Charset forName(String name) {
        try {
            return Charset.forName(name);
        } catch (IllegalArgumentException e) {
            return null;
        }
    }
}
