package io.weir.demos.crawl;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Says in which file a page is kept. A pure function of the URL, so a second crawl finds the files of the first.
 *
 * <p>Two promises, whatever the URL says. <b>Inside:</b> the file is under the root. <b>Injective:</b> two URLs never
 * share a file, and no page's file is another page's folder. They hold because a name is made of harmless characters
 * only, and all that is not harmless is spelt as {@code !} and two hex digits, so that it can be read back. The marks
 * below use {@code @}, which no spelt name contains:
 *
 * <table>
 *   <caption>How a URL becomes a file</caption>
 *   <tr><td>{@code https://host/a/b.html}</td><td>{@code host/a/b.html}</td></tr>
 *   <tr><td>{@code http://host:8080/}</td><td>{@code host_8080/@index.html}</td></tr>
 *   <tr><td>{@code /style.css?v=1}</td><td>{@code style.css@v=1}: after the mark comes the query</td></tr>
 *   <tr><td>{@code /a} beside {@code /a/b.html}</td><td>{@code a@@}: a page without an extension</td></tr>
 *   <tr><td>{@code /x.html/b.html}</td><td>{@code x.html@@/b.html}: a folder with one</td></tr>
 *   <tr><td>a name of more than 200 characters</td><td>its start, {@code @@}, and a hash of it</td></tr>
 * </table>
 */
final class PageStore {

    private static final int LONGEST_NAME = 200;
    private static final int LONGEST_PATH = 1000;

    /** Device names of Windows, which are taken in every folder and with every extension. */
    private static final Set<String> DEVICES = Set.of(
            "con", "prn", "aux", "nul", "com0", "com1", "com2", "com3", "com4", "com5", "com6", "com7", "com8", "com9",
            "lpt0", "lpt1", "lpt2", "lpt3", "lpt4", "lpt5", "lpt6", "lpt7", "lpt8", "lpt9");

    private final Path root;
    private final Set<String> reserved;
    private final boolean caseSensitive;

    /**
     * Pages under {@code root}.
     *
     * @param reserved names in the root that are not the store's to give
     * @param caseSensitive whether the file system tells {@code A} from {@code a}; where it does not, capitals are spelt
     */
    PageStore(Path root, Set<String> reserved, boolean caseSensitive) {
        this.root = root;
        this.reserved = reserved;
        this.caseSensitive = caseSensitive;
    }

    /** Pages under {@code root}, as the file systems of this machine's kind have it. */
    static PageStore in(Path root, Set<String> reserved) {
        return new PageStore(root, reserved, System.getProperty("os.name", "").startsWith("Linux"));
    }

    /** The file of a page. */
    Path file(CanonicalUrl url) {
        StringBuilder path = new StringBuilder(host(url));
        String[] segments = url.path().substring(1).split("/", -1);
        for (int i = 0; i < segments.length - 1; i++) {
            path.append('/').append(folder(segments[i]));
        }
        path.append('/').append(leaf(segments[segments.length - 1], url.query()));
        if (path.length() > LONGEST_PATH) {
            path.setLength(0);
            path.append(host(url)).append("/@@").append(hash(url.toString()));
        }
        Path file = root.resolve(path.toString());
        if (!file.normalize().startsWith(root.normalize())) {
            throw new IllegalStateException("a page would be kept outside of " + root + ": " + url);
        }
        return file;
    }

    /** {@code host} for https, {@code host_80} for http, and the port in any case where it is not the scheme's own. */
    private String host(CanonicalUrl url) {
        String port = url.authority().substring(url.host().length()).replace(":", "");
        String suffix = url.scheme().equals("http") ? "_" + (port.isEmpty() ? "80" : port) : "";
        if (url.scheme().equals("https") && !port.isEmpty()) {
            suffix = "_https" + port;
        }
        String name = shortened(spelt(url.host()).replace("_", "!5f"), "", url.host(), "@@d") + suffix;
        return reserved.contains(name) ? name + "@@" : name;
    }

    private String folder(String segment) {
        if (segment.isEmpty()) {
            return "@";
        }
        String name = spelt(segment) + (extension(segment).isEmpty() ? "" : "@@");
        return shortened(name, "", segment, "@@d");
    }

    private String leaf(String segment, @Nullable String query) {
        String extension = extension(segment);
        String name = segment.isEmpty() ? "@index.html" : spelt(segment);
        if (query != null) {
            name += "@" + spelt(query);
        } else if (extension.isEmpty() && !segment.isEmpty()) {
            name += "@@";
        }
        return shortened(name, spelt(extension), segment + "?" + (query == null ? "" : "?" + query), "@@f");
    }

    private static String shortened(String name, String extension, String whole, String mark) {
        return name.length() <= LONGEST_NAME
                ? name
                : name.substring(0, LONGEST_NAME / 2) + mark + hash(whole) + extension;
    }

    /** The ending that says what kind of file it is, dot included; empty where there is none. */
    private static String extension(String segment) {
        int dot = segment.lastIndexOf('.');
        int length = segment.length() - dot - 1;
        boolean plain = dot > 0 && length >= 1 && length <= 10 && letter(segment.charAt(dot + 1));
        for (int i = dot + 1; plain && i < segment.length(); i++) {
            plain = letter(segment.charAt(i)) || digit(segment.charAt(i));
        }
        return plain ? segment.substring(dot) : "";
    }

    private String spelt(String text) {
        StringBuilder out = new StringBuilder(text.length() + 8);
        int stem = text.indexOf('.');
        boolean device = DEVICES.contains((stem < 0 ? text : text.substring(0, stem)).toLowerCase(Locale.ROOT));
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        for (int i = 0; i < bytes.length; i++) {
            int c = bytes[i] & 0xff;
            boolean capital = c >= 'A' && c <= 'Z';
            boolean plain = letter(c) || digit(c) || (c < 128 && "-._~+,=%()".indexOf(c) >= 0);
            boolean last = i == bytes.length - 1;
            if (plain && !(capital && !caseSensitive) && !(last && c == '.') && !(i == 0 && device)) {
                out.append((char) c);
            } else {
                out.append('!').append(HexFormat.of().toHexDigits((byte) c));
            }
        }
        return out.toString();
    }

    private static boolean letter(int c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    }

    private static boolean digit(int c) {
        return c >= '0' && c <= '9';
    }

    private static String hash(String text) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest, 0, 16);
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java platform has SHA-256", e);
        }
    }
}
