package io.weir.demos.web;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;
import org.jspecify.annotations.Nullable;

/** The simplest obedient crawler: one page after the other. What it finds is held against the truth. */
final class BreadthFirst {
    record Found(int status, @Nullable URI finalUri, long bytes, boolean html) {}

    private final TestWeb web;
    private final RobotsRules robots;
    private final Deque<URI> frontier = new ArrayDeque<>();

    final Map<URI, Found> found = new LinkedHashMap<>();
    final Map<URI, Set<URI>> foundOn = new HashMap<>();
    final Set<URI> disallowed = new LinkedHashSet<>();

    BreadthFirst(TestWeb web) {
        this.web = web;
        robots = new RobotsRules(web);
    }

    BreadthFirst crawl() throws IOException {
        frontier.add(web.startUri());
        Set<URI> seen = new LinkedHashSet<>(frontier);
        for (URI uri = frontier.poll(); uri != null; uri = frontier.poll()) {
            if (!robots.allow(uri)) {
                disallowed.add(uri);
                continue;
            }
            for (URI link : visit(uri)) {
                if (seen.add(link)) {
                    frontier.add(link);
                }
            }
        }
        return this;
    }

    private Set<URI> visit(URI uri) throws IOException {
        URI at = uri;
        RawHttp.Response response = persistently(at);
        for (int hops = 0; !response.header("location").isEmpty(); hops++) {
            if (hops == 10) {
                found.put(uri, new Found(response.status(), null, 0, false));
                return Set.of();
            }
            at = at.resolve(response.header("location"));
            response = persistently(at);
        }
        boolean html =
                response.status() == 200 && response.header("content-type").startsWith("text/html");
        found.put(uri, new Found(response.status(), at, response.body().length, html));
        return html ? links(at, response) : Set.of();
    }

    /** Asks a second time where that may help. */
    private RawHttp.Response persistently(URI uri) throws IOException {
        try {
            RawHttp.Response response = RawHttp.get(web, uri);
            return response.status() == 503 ? RawHttp.get(web, uri) : response;
        } catch (EOFException dropped) {
            return RawHttp.get(web, uri);
        }
    }

    private Set<URI> links(URI at, RawHttp.Response response) throws IOException {
        Document document = Jsoup.parse(new ByteArrayInputStream(response.body()), null, at.toString());
        Set<URI> links = new LinkedHashSet<>();
        for (Element anchor : document.select("a[href]")) {
            String href = anchor.absUrl("href");
            if (href.toLowerCase(Locale.ROOT).startsWith("http:")) {
                URI link = comparable(href);
                links.add(link);
                if (!link.equals(at)) {
                    foundOn.computeIfAbsent(link, l -> new LinkedHashSet<>()).add(at);
                }
            }
        }
        return links;
    }

    /** As {@link Truth} compares URLs. */
    static URI comparable(String href) {
        StringBuilder encoded = new StringBuilder();
        href.codePoints().forEach(c -> {
            if (c > ' ' && c < 0x7F) {
                encoded.appendCodePoint(c);
            } else {
                for (byte b : Character.toString(c).getBytes(UTF_8)) {
                    encoded.append(String.format("%%%02X", b));
                }
            }
        });
        int fragment = encoded.indexOf("#");
        String url = fragment < 0 ? encoded.toString() : encoded.substring(0, fragment);
        int path = url.indexOf('/', "http://".length());
        int query = url.indexOf('?') < 0 ? url.length() : url.indexOf('?');
        return URI.create(url.substring(0, path).toLowerCase(Locale.ROOT)
                + withoutDots(url.substring(path, query))
                + url.substring(query));
    }

    private static String withoutDots(String path) {
        Deque<String> kept = new ArrayDeque<>();
        String last = "";
        for (String segment : path.substring(1).split("/", -1)) {
            last = segment;
            if (segment.equals("..")) {
                kept.pollLast();
            } else if (!segment.equals(".")) {
                kept.addLast(segment);
            }
        }
        boolean aFolder = last.equals(".") || last.equals("..");
        return "/" + String.join("/", kept) + (aFolder && !kept.isEmpty() ? "/" : "");
    }
}
