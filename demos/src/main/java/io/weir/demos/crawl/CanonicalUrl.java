package io.weir.demos.crawl;

import java.net.IDN;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Turns what stands in an attribute into the one spelling under which the crawler knows that page.
 *
 * <p>Browsers accept far more than {@link java.net.URI} does: spaces, backslashes, raw UTF-8, stray percent signs. All
 * of it is encoded here, so that what comes out is always a valid {@code URI}, and two spellings of one page are equal
 * strings: scheme and host in lower case, default port and fragment gone, dot segments resolved, unreserved characters
 * decoded and every other percent-encoding in upper case.
 */
record CanonicalUrl(
        String scheme,
        String authority,
        String path,
        @Nullable String query) {

    private static final String UNRESERVED = "-._~";
    private static final String PATH_LEGAL = UNRESERVED + "!$&'()*+,;=:@/";
    private static final String QUERY_LEGAL = PATH_LEGAL + "?";

    /** The canonical form of an absolute URL, or null where it is none of http or https. */
    static @Nullable CanonicalUrl of(String url) {
        return resolve(null, url);
    }

    /** The canonical form of {@code href} as it stands on {@code base}; null where a crawler cannot follow it. */
    static @Nullable CanonicalUrl resolve(@Nullable CanonicalUrl base, String href) {
        String link = withoutFragment(withoutControls(href));
        int colon = schemeEnd(link);
        if (colon > 0) {
            String scheme = link.substring(0, colon).toLowerCase(Locale.ROOT);
            boolean web = scheme.equals("http") || scheme.equals("https");
            boolean absolute = slash(link, colon + 1) && slash(link, colon + 2);
            return web && absolute ? absolute(scheme, link.substring(colon + 3)) : null;
        }
        if (base == null) {
            return null;
        }
        if (slash(link, 0) && slash(link, 1)) {
            return absolute(base.scheme, link.substring(2));
        }
        return base.with(link);
    }

    /** Scheme, host and port: what robots.txt and the same-origin rule go by. */
    String origin() {
        return scheme + "://" + authority;
    }

    /** The host without its port. */
    String host() {
        int port = authority.lastIndexOf(':');
        return port > authority.lastIndexOf(']') ? authority.substring(0, port) : authority;
    }

    @Override
    public String toString() {
        return origin() + path + (query == null ? "" : "?" + query);
    }

    private static @Nullable CanonicalUrl absolute(String scheme, String rest) {
        int end = 0;
        while (end < rest.length() && "/\\?".indexOf(rest.charAt(end)) < 0) {
            end++;
        }
        String authority = authority(scheme, rest.substring(0, end));
        return authority == null ? null : new CanonicalUrl(scheme, authority, "/", null).with(rest.substring(end));
    }

    /** The same site, and what {@code reference} says of path and query. */
    private CanonicalUrl with(String reference) {
        int mark = reference.indexOf('?');
        String given = mark < 0 ? reference : reference.substring(0, mark);
        String newQuery = mark < 0 ? null : encode(reference.substring(mark + 1), QUERY_LEGAL);
        if (given.isEmpty()) {
            return new CanonicalUrl(scheme, authority, path, mark < 0 ? query : newQuery);
        }
        String encoded = encode(given.replace('\\', '/'), PATH_LEGAL);
        String whole = encoded.startsWith("/") ? encoded : path.substring(0, path.lastIndexOf('/') + 1) + encoded;
        return new CanonicalUrl(scheme, authority, withoutDots(whole), newQuery);
    }

    /** Host in lower case and ASCII, with its port where that is not the scheme's own; null where it is no host. */
    private static @Nullable String authority(String scheme, String raw) {
        // A name and password in a link are not sent: the page's author has no business giving ours away.
        String hostPort = raw.substring(raw.lastIndexOf('@') + 1);
        int colon = hostPort.lastIndexOf(':');
        boolean hasPort = colon > hostPort.lastIndexOf(']');
        String host = ascii(hasPort ? hostPort.substring(0, colon) : hostPort);
        String port = hasPort ? hostPort.substring(colon + 1) : "";
        if (host == null || !port.chars().allMatch(c -> c >= '0' && c <= '9') || port.length() > 5) {
            return null;
        }
        int number = port.isEmpty() ? 0 : Integer.parseInt(port);
        if (number > 65535 || (number == 0 && !port.isEmpty())) {
            return null;
        }
        boolean own = number == 0 || number == (scheme.equals("http") ? 80 : 443);
        return own ? host : host + ":" + number;
    }

    private static @Nullable String ascii(String raw) {
        String host = raw.toLowerCase(Locale.ROOT);
        if (host.startsWith("[")) {
            boolean address =
                    host.endsWith("]") && host.substring(1, host.length() - 1).matches("[0-9a-f:.]+");
            return address ? host : null;
        }
        try {
            if (host.chars().anyMatch(c -> c > 127)) {
                host = IDN.toASCII(host, IDN.ALLOW_UNASSIGNED).toLowerCase(Locale.ROOT);
            }
        } catch (IllegalArgumentException e) {
            return null;
        }
        boolean name = host.chars().allMatch(c -> alphanumeric(c) || c == '-' || c == '_' || c == '.');
        return name && !host.isEmpty() && !host.startsWith(".") && !host.contains("..") ? host : null;
    }

    private static String withoutControls(String href) {
        int from = 0;
        int to = href.length();
        while (from < to && href.charAt(from) <= ' ') {
            from++;
        }
        while (to > from && href.charAt(to - 1) <= ' ') {
            to--;
        }
        String trimmed = href.substring(from, to);
        boolean broken = trimmed.indexOf('\n') >= 0 || trimmed.indexOf('\t') >= 0 || trimmed.indexOf('\r') >= 0;
        return broken ? trimmed.replace("\n", "").replace("\t", "").replace("\r", "") : trimmed;
    }

    private static String withoutFragment(String link) {
        int hash = link.indexOf('#');
        return hash < 0 ? link : link.substring(0, hash);
    }

    private static int schemeEnd(String link) {
        for (int i = 0; i < link.length(); i++) {
            char c = link.charAt(i);
            boolean letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
            if (c == ':') {
                return i;
            }
            if (!letter && (i == 0 || !((c >= '0' && c <= '9') || c == '+' || c == '-' || c == '.'))) {
                return -1;
            }
        }
        return -1;
    }

    private static boolean slash(String link, int at) {
        return at < link.length() && (link.charAt(at) == '/' || link.charAt(at) == '\\');
    }

    /** Percent-encodes what is not in {@code legal}; keeps, in one spelling, what is encoded already. */
    private static String encode(String raw, String legal) {
        if (raw.chars().allMatch(c -> alphanumeric(c) || (c < 128 && legal.indexOf(c) >= 0))) {
            return raw;
        }
        StringBuilder out = new StringBuilder(raw.length() + 16);
        byte[] bytes = raw.getBytes(StandardCharsets.UTF_8);
        for (int i = 0; i < bytes.length; i++) {
            int c = bytes[i] & 0xff;
            if (c == '%' && i + 2 < bytes.length && hex(bytes[i + 1]) >= 0 && hex(bytes[i + 2]) >= 0) {
                int decoded = hex(bytes[i + 1]) * 16 + hex(bytes[i + 2]);
                i += 2;
                append(out, decoded, alphanumeric(decoded) || UNRESERVED.indexOf(decoded) >= 0);
            } else {
                append(out, c, alphanumeric(c) || (c < 128 && legal.indexOf(c) >= 0));
            }
        }
        return out.toString();
    }

    private static void append(StringBuilder out, int c, boolean plain) {
        if (plain) {
            out.append((char) c);
        } else {
            out.append('%').append("0123456789ABCDEF".charAt(c >> 4)).append("0123456789ABCDEF".charAt(c & 15));
        }
    }

    private static boolean alphanumeric(int c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    }

    private static int hex(byte b) {
        return Character.digit((char) b, 16);
    }

    private static String withoutDots(String path) {
        if (!path.contains("/.")) {
            return path;
        }
        Deque<String> kept = new ArrayDeque<>();
        String[] segments = path.substring(1).split("/", -1);
        for (int i = 0; i < segments.length; i++) {
            boolean up = segments[i].equals("..");
            if (up) {
                kept.pollLast();
            }
            if (!up && !segments[i].equals(".")) {
                kept.addLast(segments[i]);
            } else if (i == segments.length - 1) {
                kept.addLast("");
            }
        }
        return "/" + String.join("/", kept);
    }
}
