package io.weir.demos.crawl;

import java.util.Locale;
import java.util.function.Consumer;

/** Finds what a style sheet points to: {@code url(…)} and {@code @import "…"}. */
final class CssLinks {

    private CssLinks() {}

    static void find(String css, Consumer<String> found) {
        String text = withoutComments(css);
        String lower = text.toLowerCase(Locale.ROOT);
        for (int at = lower.indexOf("url("); at >= 0; at = lower.indexOf("url(", at + 4)) {
            int end = text.indexOf(')', at);
            if (end > 0) {
                found.accept(unquoted(text.substring(at + 4, end)));
            }
        }
        for (int at = lower.indexOf("@import"); at >= 0; at = lower.indexOf("@import", at + 7)) {
            int from = at + 7;
            while (from < text.length() && Character.isWhitespace(text.charAt(from))) {
                from++;
            }
            char quote = from < text.length() ? text.charAt(from) : ' ';
            int end = quote == '"' || quote == '\'' ? text.indexOf(quote, from + 1) : -1;
            if (end > 0) {
                found.accept(text.substring(from + 1, end));
            }
        }
    }

    private static String unquoted(String value) {
        String trimmed = value.trim();
        int last = trimmed.length() - 1;
        boolean quoted = last > 0 && (trimmed.charAt(0) == '"' || trimmed.charAt(0) == '\'');
        return quoted && trimmed.charAt(last) == trimmed.charAt(0) ? trimmed.substring(1, last) : trimmed;
    }

    private static String withoutComments(String css) {
        StringBuilder out = new StringBuilder(css.length());
        int from = 0;
        for (int at = css.indexOf("/*"); at >= 0; at = css.indexOf("/*", from)) {
            out.append(css, from, at);
            int end = css.indexOf("*/", at + 2);
            from = end < 0 ? css.length() : end + 2;
        }
        return out.append(css, from, css.length()).toString();
    }
}
