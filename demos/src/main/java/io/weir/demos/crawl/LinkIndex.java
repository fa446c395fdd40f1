package io.weir.demos.crawl;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/** Every URL the crawl knows, and the decision which of them it is going to visit: each at most once. */
final class LinkIndex {

    private final Map<CanonicalUrl, Link> known = new ConcurrentHashMap<>();
    private final AtomicInteger admitted = new AtomicInteger();
    private final LongAdder elsewhere = new LongAdder();
    private final LongAdder tooDeep = new LongAdder();
    private final LongAdder tooMany = new LongAdder();
    private final Scope scope;
    private final int depth;
    private final int maxPages;

    LinkIndex(Scope scope, int depth, int maxPages) {
        this.scope = scope;
        this.depth = depth;
        this.maxPages = maxPages;
    }

    /** A start URL; null where it is one already. */
    @Nullable
    Link start(CanonicalUrl url) {
        return admit(new Link(url, 0, null));
    }

    /** A link on a page. Answers what is to be visited, or null: known, out of scope, too deep, or one too many. */
    @Nullable
    Link found(CanonicalUrl url, Link page) {
        Link link = known.get(url);
        if (link != null) {
            link.seenOn(page.url());
            return null;
        }
        if (!scope.contains(url)) {
            elsewhere.increment();
            return null;
        }
        if (depth >= 0 && page.depth() >= depth) {
            tooDeep.increment();
            return null;
        }
        Link fresh = admit(new Link(url, page.depth() + 1, page.url()));
        Link either = fresh != null ? fresh : known.get(url);
        if (either != null) {
            either.seenOn(page.url());
        }
        return fresh;
    }

    /** Where a redirect led; null where that URL is known, and so has a visit of its own. */
    @Nullable
    Link redirectedTo(CanonicalUrl url, Link from) {
        return admit(new Link(url, from.depth(), from.url()));
    }

    /** The link, if it is the first for its URL and there is room. The map asks once for each URL, so no room is lost. */
    private @Nullable Link admit(Link link) {
        Link known = this.known.computeIfAbsent(
                link.url(), url -> admitted.getAndUpdate(n -> Math.min(n + 1, maxPages)) < maxPages ? link : null);
        if (known == null) {
            tooMany.increment();
        }
        return known == link ? link : null;
    }

    int size() {
        return known.size();
    }

    long elsewhere() {
        return elsewhere.sum();
    }

    long tooDeep() {
        return tooDeep.sum();
    }

    long tooMany() {
        return tooMany.sum();
    }
}
