package io.weir.http;

import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/**
 * curl's own cases for HTTP: what their server says is fed to the client byte for byte, and the outcome compared with curl's where
 * the feature exists here. {@code reactive-http/corpora/fetch} brings the cases.
 */
@EnabledIfSystemProperty(named = "weir.corpus.curl", matches = ".+")
class CurlCorpusTest {
    private static final String DEFLATE =
            "deflate is never asked for, as it names two formats, and what was not asked for is refused";
    private static final String USER_INFO = "a URL with user information is refused";

    /** Where the outcome differs on purpose, and why. */
    private static final Map<Integer, String> OTHERWISE = Map.ofEntries(
            entry(54, "an empty Location leads to the same URL, as the standards say; curl takes it for none"),
            entry(222, DEFLATE),
            entry(232, DEFLATE),
            entry(230, "several codings, one over the other, are refused: each multiplies what a bomb expands to"),
            entry(1274, "a header whose first line is empty and folded is refused; other folds are joined"),
            entry(365, "a length and a chunked coding at once are two ways to read one response"),
            entry(1417, "lines of a chunked coding that end with a bare LF are refused"),
            entry(1237, USER_INFO),
            entry(1259, USER_INFO),
            entry(1296, USER_INFO),
            entry(367, USER_INFO),
            entry(1333, "Transfer-Encoding is the client's own to set"));

    private final Map<String, Integer> skipped = new TreeMap<>();
    private final List<String> failed = new ArrayList<>();
    private final List<String> otherwise = new ArrayList<>();
    private int passed;

    @Test
    void endsAsCurlDoes() throws IOException {
        List<Path> files;
        try (Stream<Path> all = Files.list(Path.of(System.getProperty("weir.corpus.curl")))) {
            files = all.filter(file -> file.getFileName().toString().matches("test\\d+"))
                    .sorted()
                    .toList();
        }
        try (FetchClient client = FetchClient.builder()
                .totalTimeout(Duration.ofSeconds(5))
                .redirects(RedirectPolicy.none())
                .userAgent("curl/7.88.1")
                .build()) {
            for (Path file : files) {
                run(client, CurlCase.read(file));
            }
        }
        int left = skipped.values().stream().mapToInt(Integer::intValue).sum();
        System.out.printf(
                "curl's cases: %d passed, %d failed, %d otherwise on purpose, %d skipped%n",
                passed, failed.size(), otherwise.size(), left);
        skipped.forEach((reason, count) -> System.out.printf("  skipped %d: %s%n", count, reason));
        otherwise.forEach(one -> System.out.println("  otherwise: " + one));
        assertThat(failed).isEmpty();
        assertThat(passed).isGreaterThan(100);
    }

    private void run(FetchClient client, CurlCase raw) throws IOException {
        if (!raw.servers().equals("http") || raw.has("tool")) {
            skip("not for curl with one HTTP server");
            return;
        }
        if (raw.has("setenv") || raw.has("servercmd") || raw.has("postcmd")) {
            skip("curl's environment, or its server's commands");
            return;
        }
        try (FaultServer server = new FaultServer(peer -> serve(peer, raw))) {
            CurlCase test = raw.preparedFor(server.port());
            FetchRequest request;
            try {
                request = request(test);
            } catch (Unsupported e) {
                skip(String.valueOf(e.getMessage()));
                return;
            } catch (FetchRequestException e) {
                note(test, test.errorCode() == 0 ? "refused: " + e.getMessage() : null);
                return;
            }
            note(test, compare(test, client, request));
        }
    }

    /** Says what the case has for the part that the path ends with. */
    private static void serve(FaultServer.Peer peer, CurlCase raw) throws IOException {
        boolean open = true;
        while (open && peer.readRequest()) {
            open = answer(peer, raw);
        }
    }

    /** Whether the answer leaves the connection open. */
    private static boolean answer(FaultServer.Peer peer, CurlCase raw) throws IOException {
        String last = peer.path().substring(peer.path().lastIndexOf('/') + 1).replaceAll("[^0-9].*", "");
        long number = last.isEmpty() ? 0 : Long.parseLong(last.substring(0, Math.min(9, last.length())));
        int part = number > 10_000 ? (int) (number % 10_000) : 0;
        String reply = raw.preparedFor(peer.port()).reply(part);
        if (reply == null) {
            peer.send("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n");
            return true;
        }
        peer.send(reply);
        return reply.matches("(?is)HTTP/1.1 .*\r\n(Content-Length|Transfer-Encoding):.*")
                && !reply.contains("swsclose");
    }

    /** What went otherwise than with curl, or null. */
    private static @Nullable String compare(CurlCase test, FetchClient client, FetchRequest request) {
        FetchResponse response;
        try {
            response = client.fetch(request).block();
        } catch (FetchException e) {
            return test.errorCode() != 0 ? null : "failed: " + e;
        }
        boolean fails = test.arguments().stream().anyMatch(a -> a.equals("-f") || a.equals("--fail"));
        if (fails && test.errorCode() == 22) {
            return response.isSuccess() ? "curl finds the status bad, this does not" : null;
        }
        if (test.errorCode() != 0) {
            return "a response " + response.status() + ", where curl ends with " + test.errorCode();
        }
        String expected = test.output();
        String body = new String(response.bytes(), StandardCharsets.ISO_8859_1);
        if (expected == null || request.method().equals("HEAD")) {
            return null;
        }
        String wanted = bodyOf(expected, test.reply(0));
        return body.equals(wanted) ? null : "the body is " + shown(body) + ", curl's is " + shown(wanted);
    }

    /** Output that shows headers begins with a status line; the last response's body comes after its empty line. */
    private static String bodyOf(String output, @Nullable String reply) {
        int head = Math.max(output.startsWith("HTTP/") ? 0 : -1, output.lastIndexOf("\nHTTP/") + 1);
        if (!output.startsWith("HTTP/") || reply == null || !reply.startsWith("HTTP/")) {
            return output;
        }
        int crlf = output.indexOf("\r\n\r\n", head);
        int lf = output.indexOf("\n\n", head);
        if (crlf >= 0 && (lf < 0 || crlf < lf)) {
            return output.substring(crlf + 4);
        }
        return lf < 0 ? "" : output.substring(lf + 2);
    }

    private static FetchRequest request(CurlCase test) throws Unsupported {
        String method = null;
        String url = null;
        String data = null;
        int redirects = -1;
        int seconds = 5;
        boolean query = false;
        long most = 8 << 20;
        boolean follow = false;
        List<String[]> headers = new ArrayList<>();
        for (Iterator<String> words = test.arguments().iterator(); words.hasNext(); ) {
            String word = words.next();
            switch (word) {
                case "-L", "--location" -> follow = true;
                case "-i",
                        "--include",
                        "-s",
                        "--silent",
                        "-S",
                        "--show-error",
                        "-f",
                        "--fail",
                        "-sS",
                        "-v",
                        "-#",
                        "-4" -> {}
                case "--ipv4", "--no-progress-meter", "--no-http0.9", "--compressed" -> {}
                case "-I", "--head" -> method = "HEAD";
                case "-X", "--request" -> method = words.next();
                case "-d", "--data", "--data-binary", "--data-ascii" ->
                    data = data == null ? words.next() : data + "&" + words.next();
                case "-G", "--get" -> query = true;
                case "--max-redirs" -> redirects = Integer.parseInt(words.next());
                case "-o", "--output", "-D", "--dump-header", "-c", "--cookie-jar" -> words.next();
                case "--max-filesize" -> most = Long.parseLong(words.next());
                case "-b", "--cookie" -> headers.add(new String[] {"Cookie", pair(words.next())});
                case "-u", "--user" -> headers.add(new String[] {"Authorization", "Basic " + base64(words.next())});
                case "-m", "--max-time" -> seconds = Integer.parseInt(words.next());
                case "-A", "--user-agent" -> headers.add(new String[] {"User-Agent", words.next()});
                case "-e", "--referer" -> headers.add(new String[] {"Referer", words.next()});
                case "-r", "--range" -> headers.add(new String[] {"Range", "bytes=" + words.next()});
                case "-H", "--header" -> {
                    String[] header = words.next().split(":\\s*", 2);
                    if (header.length < 2 || header[1].isEmpty() || header[0].equalsIgnoreCase("Host")) {
                        throw new Unsupported("a header that is removed, or ours to set");
                    }
                    headers.add(header);
                }
                default -> {
                    if (word.startsWith("-")) {
                        throw new Unsupported("option " + word);
                    }
                    if (url != null) {
                        throw new Unsupported("several URLs");
                    }
                    url = word;
                }
            }
        }
        if (url == null) {
            throw new Unsupported("no URL");
        }
        if (data != null && data.startsWith("@")) {
            throw new Unsupported("data from a file");
        }
        if (query && data != null) {
            url += (url.contains("?") ? "&" : "?") + data;
            data = null;
        }
        String verb = method != null ? method : data != null ? "POST" : "GET";
        if (url.matches(".*[\\[{].*")) {
            throw new Unsupported("patterns of URLs");
        }
        FetchRequest request = FetchRequest.of(verb, url.matches("\\w+:/.*") ? url : "http://" + url)
                .timeout(Duration.ofSeconds(seconds))
                .maxBodyBytes(most);
        for (String[] header : headers) {
            request = request.header(header[0], header[1]);
        }
        if (data != null) {
            request = request.body(data, "application/x-www-form-urlencoded");
        }
        if (follow) {
            request = request.redirects(
                    redirects < 0
                            ? RedirectPolicy.follow()
                            : RedirectPolicy.follow().max(redirects));
        }
        return request;
    }

    private static String pair(String text) throws Unsupported {
        if (!text.contains("=")) {
            throw new Unsupported("cookies from a file");
        }
        return text;
    }

    private static String base64(String text) throws Unsupported {
        if (!text.contains(":") || text.startsWith(":")) {
            throw new Unsupported("a user without a name or a password");
        }
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    private void skip(String reason) {
        skipped.merge(reason, 1, Integer::sum);
    }

    private void note(CurlCase test, @Nullable String difference) {
        if (difference == null) {
            passed++;
            return;
        }
        String reason = OTHERWISE.get(test.number());
        (reason == null ? failed : otherwise).add(test.number() + ": " + (reason == null ? difference : reason));
    }

    private static String shown(String text) {
        return text.length() + " bytes \""
                + text.substring(0, Math.min(60, text.length()))
                        .replace("\r", "\\r")
                        .replace("\n", "\\n") + "\"";
    }

    /** The case asks for what the client does not have. */
    private static final class Unsupported extends Exception {
        private static final long serialVersionUID = 1L;

        Unsupported(String what) {
            super(what);
        }
    }
}
