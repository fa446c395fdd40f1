package io.weir.http;

import java.net.IDN;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * An http or https URL, taken apart once. What is checked here is what is connected to: the transport gets the host and the
 * port from this and never reads the URL again.
 *
 * <p>Strict where two readers could differ on the host (user information, backslashes, numbers that some read as an address),
 * lenient where the web is sloppy (spaces, quotes and letters outside ASCII in path and query are percent-encoded).
 */
final class Target {
    private static final int MAX_LENGTH = 64 * 1024;
    private static final String ALLOWED = "-._~!$&'()*+,;=:@/%";
    // Sharp s, final sigma and the two joiners: another name in IDNA 2003, which the JDK has, than in IDNA 2008.
    private static final Pattern DEVIATIONS = Pattern.compile("[\u00df\u1e9e\u03c2\u200c\u200d]");
    private static final String HEX = "0123456789ABCDEF";

    private final boolean secure;
    private final String host;
    private final int port;
    private final String pathAndQuery;
    private final String hostAndPort; // what most is kept by, so it is made once

    private Target(boolean secure, String host, int port, String pathAndQuery) {
        this.secure = secure;
        this.host = host;
        this.port = port;
        this.pathAndQuery = pathAndQuery;
        this.hostAndPort = host + ":" + port;
    }

    static Target parse(String url) {
        if (url.length() > MAX_LENGTH) {
            throw new FetchRequestException("the URL is longer than " + MAX_LENGTH + " characters");
        }
        for (int i = 0; i < url.length(); i++) {
            if (url.charAt(i) < 0x20 || url.charAt(i) == 0x7f) {
                throw new FetchRequestException("the URL has a control character");
            }
        }
        int colon = url.indexOf("://");
        String scheme = colon < 0 ? "" : url.substring(0, colon).toLowerCase(Locale.ROOT);
        if (!scheme.equals("http") && !scheme.equals("https")) {
            throw new FetchRequestException("the URL does not start with http:// or https://");
        }
        String rest = withoutFragment(url.substring(colon + 3));
        int end = 0;
        while (end < rest.length() && rest.charAt(end) != '/' && rest.charAt(end) != '?') {
            end++;
        }
        return of(scheme.equals("https"), rest.substring(0, end), rest.substring(end));
    }

    /** RFC 3986, section 5.2, on the bytes a {@code Location} header holds, which the decoder gives as Latin-1. */
    Target resolve(String location) {
        String reference = withoutFragment(bytesAsUrl(location.strip()));
        int colon = reference.indexOf(':');
        if (colon > 0 && isScheme(reference.substring(0, colon))) {
            return parse(reference);
        }
        if (reference.matches("[/\\\\]?\\\\.*")) {
            // Browsers read a backslash as a slash, and so another host here than the RFC does.
            throw new FetchRequestException("the reference begins with a backslash");
        }
        String base = (secure ? "https://" : "http://") + authority();
        if (reference.startsWith("//")) {
            return parse((secure ? "https:" : "http:") + reference);
        }
        if (reference.startsWith("/")) {
            return parse(base + reference);
        }
        int query = pathAndQuery.indexOf('?');
        String path = query < 0 ? pathAndQuery : pathAndQuery.substring(0, query);
        if (reference.isEmpty()) {
            return this;
        }
        if (reference.startsWith("?")) {
            return parse(base + path + reference);
        }
        return parse(base + path.substring(0, path.lastIndexOf('/') + 1) + reference);
    }

    boolean secure() {
        return secure;
    }

    /** In lower case, an IPv6 address in brackets. */
    String host() {
        return host;
    }

    int port() {
        return port;
    }

    /** Percent-encoded, without dot segments. */
    String pathAndQuery() {
        return pathAndQuery;
    }

    /** Normalised: no fragment, no default port, no dot segments. Made anew for each call, as few ask for it. */
    URI uri() {
        return URI.create((secure ? "https://" : "http://") + authority() + pathAndQuery);
    }

    boolean sameOrigin(Target other) {
        return secure == other.secure && port == other.port && host.equals(other.host);
    }

    /** As a {@code Host} header shows it: the port only where it is not the scheme's own. */
    String authority() {
        return port == (secure ? 443 : 80) ? host : hostAndPort;
    }

    String hostAndPort() {
        return hostAndPort;
    }

    /** What may be shown: no query. There never is user information. */
    String redacted() {
        int query = pathAndQuery.indexOf('?');
        String shown = query < 0 ? pathAndQuery : pathAndQuery.substring(0, query) + "?…";
        return (secure ? "https://" : "http://") + authority() + shown;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Target that && sameOrigin(that) && pathAndQuery.equals(that.pathAndQuery);
    }

    @Override
    public int hashCode() {
        return hostAndPort.hashCode() * 31 + pathAndQuery.hashCode();
    }

    private static Target of(boolean secure, String authority, String rest) {
        if (authority.indexOf('@') >= 0) {
            throw new FetchRequestException("the URL has user information: set an Authorization header instead");
        }
        int bracket = authority.lastIndexOf(']');
        int colon = authority.indexOf(':', bracket + 1);
        String host = host(colon < 0 ? authority : authority.substring(0, colon));
        int port = port(colon < 0 ? "" : authority.substring(colon + 1), secure ? 443 : 80);
        int query = rest.indexOf('?');
        String path = withoutDots(encode(query < 0 ? rest : rest.substring(0, query), ALLOWED));
        String pathAndQuery = query < 0 ? path : path + "?" + encode(rest.substring(query + 1), ALLOWED + "?");
        return new Target(secure, host, port, pathAndQuery);
    }

    private static String host(String text) {
        if (text.startsWith("[")) {
            if (!text.endsWith("]") || Addresses.ipv6(text.substring(1, text.length() - 1)) == null) {
                throw new FetchRequestException("the URL's host is not an IPv6 address");
            }
            return text.toLowerCase(Locale.ROOT);
        }
        String host = ascii(text);
        int end = host.endsWith(".") ? host.length() - 1 : host.length();
        if (end <= 0 || end > 253) {
            throw new FetchRequestException("the URL's host is empty or too long");
        }
        int start = 0;
        while (start <= end) {
            int dot = host.indexOf('.', start);
            int labelEnd = dot < 0 ? end : Math.min(dot, end);
            checkLabel(host, start, labelEnd);
            if (labelEnd == end && looksLikeNumber(host, start, end) && Addresses.ipv4(host) == null) {
                throw new FetchRequestException("the URL's host is a number, and not an address with four parts");
            }
            start = labelEnd + 1;
        }
        return host;
    }

    private static String ascii(String text) {
        boolean ascii = true;
        for (int i = 0; i < text.length() && ascii; i++) {
            ascii = text.charAt(i) < 0x80;
        }
        if (ascii) {
            return text.toLowerCase(Locale.ROOT);
        }
        if (DEVIATIONS.matcher(text).find()) {
            throw new FetchRequestException(
                    "the URL's host has a letter that standards encode differently: give it as xn--…");
        }
        try {
            return IDN.toASCII(text).toLowerCase(Locale.ROOT);
        } catch (IllegalArgumentException e) {
            throw new FetchRequestException("the URL's host is not a name");
        }
    }

    private static void checkLabel(String host, int start, int end) {
        boolean name = end > start && end - start <= 63;
        for (int i = start; i < end && name; i++) {
            name = isNameChar(host.charAt(i));
        }
        if (!name) {
            throw new FetchRequestException("the URL's host is not a name");
        }
        if (host.startsWith("xn--", start)) {
            String label = host.substring(start, end);
            if (IDN.toUnicode(label).equals(label)) {
                throw new FetchRequestException("the URL's host has an xn-- label that encodes nothing");
            }
        }
    }

    /** 127.1, 0x7f000001 and 017700000001 are the loopback address to some readers and a name to others. */
    private static boolean looksLikeNumber(String host, int start, int end) {
        boolean hex = host.startsWith("0x", start);
        for (int i = hex ? start + 2 : start; i < end; i++) {
            char c = host.charAt(i);
            if ((c < '0' || c > '9') && !(hex && c >= 'a' && c <= 'f')) {
                return false;
            }
        }
        return true;
    }

    private static int port(String digits, int standard) {
        if (digits.isEmpty()) {
            return standard;
        }
        int port = 0;
        for (int i = 0; i < digits.length() && port <= 65535; i++) {
            char c = digits.charAt(i);
            port = c < '0' || c > '9' ? Integer.MAX_VALUE : port * 10 + c - '0';
        }
        if (port > 0 && port <= 65535 && digits.length() <= 5) {
            return port;
        }
        throw new FetchRequestException("the URL's port is not a number from 1 to 65535");
    }

    private static boolean isNameChar(int c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
    }

    private static boolean isScheme(String text) {
        return text.matches("[A-Za-z][A-Za-z0-9+.-]*");
    }

    private static String withoutFragment(String url) {
        int hash = url.indexOf('#');
        return hash < 0 ? url : url.substring(0, hash);
    }

    /** Reads raw bytes as UTF-8 where they are that; else each byte beyond ASCII stands for itself. */
    private static String bytesAsUrl(String latin1) {
        if (latin1.chars().allMatch(c -> c < 0x80)) {
            return latin1;
        }
        byte[] bytes = latin1.getBytes(StandardCharsets.ISO_8859_1);
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            StringBuilder out = new StringBuilder();
            for (byte b : bytes) {
                appendByte(out, b, b >= 0);
            }
            return out.toString();
        }
    }

    private static String encode(String part, String allowed) {
        if (isEncoded(part, allowed)) {
            return part;
        }
        StringBuilder out = new StringBuilder(part.length() + 8);
        byte[] bytes = part.getBytes(StandardCharsets.UTF_8);
        for (int i = 0; i < bytes.length; i++) {
            int c = bytes[i] & 0xff;
            boolean escape = c != '%' || (isHex(bytes, i + 1) && isHex(bytes, i + 2));
            appendByte(out, bytes[i], isLetter(c) || (c < 0x80 && escape && allowed.indexOf(c) >= 0));
        }
        return out.toString();
    }

    private static boolean isEncoded(String part, String allowed) {
        for (int i = 0; i < part.length(); i++) {
            char c = part.charAt(i);
            if (!isLetter(c) && (c == '%' || allowed.indexOf(c) < 0)) {
                return false;
            }
        }
        return true;
    }

    private static boolean isLetter(int c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    }

    private static void appendByte(StringBuilder out, byte b, boolean plain) {
        if (plain) {
            out.append((char) b);
        } else {
            out.append('%').append(HEX.charAt((b >> 4) & 0xf)).append(HEX.charAt(b & 0xf));
        }
    }

    private static boolean isHex(byte[] bytes, int at) {
        return at < bytes.length && Character.digit(bytes[at], 16) >= 0;
    }

    /** RFC 3986, section 5.2.4. */
    private static String withoutDots(String path) {
        if (path.isEmpty()) {
            return "/";
        }
        if (!path.contains("/.")) {
            return path;
        }
        StringBuilder out = new StringBuilder(path.length());
        String[] segments = path.substring(1).split("/", -1);
        for (int i = 0; i < segments.length; i++) {
            boolean last = i == segments.length - 1;
            if (segments[i].equals("..")) {
                out.setLength(Math.max(0, out.lastIndexOf("/")));
            } else if (!segments[i].equals(".")) {
                out.append('/').append(segments[i]);
                continue;
            }
            if (last) {
                out.append('/');
            }
        }
        return out.toString();
    }
}
