package io.weir.demos.web;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.regex.Pattern;

/** Spells a link in one of the many ways that mean the same URL. */
final class LinkWriter {
    /** Percent-encoded characters that people type as they are; not a space at the end, which would be lost. */
    private static final Pattern TYPED_AS_IT_IS = Pattern.compile("%20(?=[a-z])|%C3%A9|%E6%97%A5%E6%9C%AC%E8%AA%9E");

    private final Origins origins;

    LinkWriter(Origins origins) {
        this.origins = origins;
    }

    /**
     * An href for a page, not yet escaped for HTML.
     *
     * @param base the page that relative references on it start from
     */
    String href(Page base, Page to, Dice dice) {
        Origin origin = origins.of(to);
        boolean sameHost = base.host() == to.host();
        int form = sameHost ? dice.below(10) : dice.between(7, 9);
        return switch (form) {
            case 0, 1, 2 -> relative(base.path(), to.target());
            case 3, 4, 5 -> to.target();
            case 6 -> "/detour/./.." + to.target();
            case 7 -> "//" + origin.authority() + to.target();
            case 8 -> "HTTP://" + origin.authority().toUpperCase(Locale.ROOT) + to.target();
            default -> origin.url(to);
        };
    }

    /** What no parser minds and few expect: a fragment, white space around it, letters that should be encoded. */
    String dress(String href, boolean anyLetter, Dice dice) {
        return switch (dice.below(10)) {
            case 0, 1 -> href + "#part-" + dice.between(1, 9);
            case 2 -> "\n  " + href + " ";
            case 3, 4, 5 -> anyLetter ? typed(href) : href;
            default -> href;
        };
    }

    /** The shortest way from one path to a target on the same host, as RFC 3986 resolves it. */
    static String relative(String from, String target) {
        int shared = 0;
        int targetFolder = target.lastIndexOf('/', endOfPath(target));
        int fromFolder = from.lastIndexOf('/');
        for (int i = 0; i <= Math.min(fromFolder, targetFolder) && from.charAt(i) == target.charAt(i); i++) {
            if (from.charAt(i) == '/') {
                shared = i + 1;
            }
        }
        long up = from.substring(shared).chars().filter(c -> c == '/').count();
        String rest = target.substring(shared);
        if (up == 0 && (rest.isEmpty() || rest.startsWith("?") || beginsLikeAScheme(rest))) {
            return "./" + rest;
        }
        return "../".repeat((int) up) + rest;
    }

    private static int endOfPath(String target) {
        int query = target.indexOf('?');
        return query < 0 ? target.length() : query;
    }

    private static boolean beginsLikeAScheme(String reference) {
        int colon = reference.indexOf(':');
        return colon >= 0 && reference.substring(0, colon).indexOf('/') < 0;
    }

    private static String typed(String href) {
        return TYPED_AS_IT_IS
                .matcher(href)
                .replaceAll(found -> URLDecoder.decode(found.group(), StandardCharsets.UTF_8));
    }
}
