package io.weir.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The URL standard's own cases: the host that is connected to is the one the standard reads from the URL, or the URL is refused.
 * {@code reactive-http/corpora/fetch} brings the cases.
 */
@EnabledIfSystemProperty(named = "weir.corpus.urls", matches = ".+")
class UrlCorpusTest {
    private int agreed;
    private int refusedByBoth;
    private int refusedByUs;
    private int notHttp;
    private final List<String> wrong = new ArrayList<>();

    @Test
    void theHostIsTheOneTheStandardReadsOrTheUrlIsRefused() throws IOException {
        Path file = Path.of(System.getProperty("weir.corpus.urls"));
        for (JsonNode entry : JsonMapper.shared().readTree(Files.readAllBytes(file))) {
            if (entry.isObject()) {
                check(entry);
            }
        }
        System.out.printf(
                "URLs: %d as the standard reads them, %d refused by both, %d refused by us alone, %d not http, %d wrong%n",
                agreed, refusedByBoth, refusedByUs, notHttp, wrong.size());
        assertThat(wrong).isEmpty();
        assertThat(agreed).isGreaterThan(100);
    }

    private void check(JsonNode entry) {
        String input = entry.path("input").asString();
        String base = entry.path("base").asString("");
        boolean failure = entry.path("failure").asBoolean(false);
        String protocol = entry.path("protocol").asString("");
        Target read;
        try {
            read = base.isEmpty() || base.equals("about:blank")
                    ? Target.parse(input)
                    : Target.parse(base).resolve(asHeader(input));
        } catch (FetchRequestException e) {
            if (failure) {
                refusedByBoth++;
            } else if (protocol.equals("http:") || protocol.equals("https:")) {
                refusedByUs++;
            } else {
                notHttp++;
            }
            return;
        }
        String host = entry.path("hostname").asString("");
        String port = entry.path("port").asString("");
        String shownPort = read.port() == (read.secure() ? 443 : 80) ? "" : String.valueOf(read.port());
        boolean same = !failure
                && protocol.equals(read.secure() ? "https:" : "http:")
                && sameHost(host, read.host())
                && shownPort.equals(port);
        if (same) {
            agreed++;
        } else {
            wrong.add(input + " on " + base + " is read as " + read.uri() + ", the standard reads "
                    + (failure ? "nothing" : entry.path("href").asString()));
        }
    }

    private static boolean sameHost(String theirs, String ours) {
        byte[] address = Addresses.literal(ours);
        return address == null ? ours.equals(theirs) : Arrays.equals(address, Addresses.literal(theirs));
    }

    /** As the bytes of a {@code Location} header arrive. */
    private static String asHeader(String text) {
        return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
    }
}
