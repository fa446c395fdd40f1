package io.weir.demos.crawl;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A URL the crawl knows, with the pages it was seen on. There is one of these for each URL. */
final class Link {

    private final CanonicalUrl url;
    private final int depth;
    private final @Nullable CanonicalUrl foundOn;

    /** Every page that links here; null once that no longer matters, so that memory follows the work not yet done. */
    private @Nullable List<CanonicalUrl> standsOn = new ArrayList<>(1);

    /**
     * A URL on its way into the frontier.
     *
     * @param depth how many links it is away from a start URL
     * @param foundOn the first page it was seen on; null for a start URL
     */
    Link(CanonicalUrl url, int depth, @Nullable CanonicalUrl foundOn) {
        this.url = url;
        this.depth = depth;
        this.foundOn = foundOn;
    }

    CanonicalUrl url() {
        return url;
    }

    int depth() {
        return depth;
    }

    @Nullable
    CanonicalUrl foundOn() {
        return foundOn;
    }

    synchronized void seenOn(CanonicalUrl page) {
        if (standsOn != null) {
            standsOn.add(page);
        }
    }

    /** The link is not broken: nobody will ask where it stands. */
    synchronized void forgetPages() {
        standsOn = null;
    }

    synchronized List<CanonicalUrl> standsOn() {
        return standsOn == null ? List.of() : List.copyOf(standsOn);
    }
}
