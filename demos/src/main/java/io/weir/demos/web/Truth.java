package io.weir.demos.web;

import static java.util.stream.Collectors.toCollection;

import java.net.URI;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What there is to be found in a {@link TestWeb}, known from its plan and not from crawling it.
 *
 * <p>URLs are compared as RFC 3986 has it: fragment removed, scheme and host in lower case, dot segments removed, an empty
 * path is {@code /}, spaces and letters outside ASCII percent-encoded as UTF-8. What is percent-encoded stays so: {@code
 * /dots/a/%2e%2e/b.html} is a page of its own. A crawler that decodes it first asks for {@code /dots/b.html}, which is a page
 * too, and so finds one URL less.
 */
public final class Truth {
    private final Map<URI, ExpectedPage> pages = new LinkedHashMap<>();
    private final Set<BrokenLink> brokenLinks = new LinkedHashSet<>();
    private final Set<URI> assets;
    private final Set<URI> behindRedirects;
    private final Set<URI> disallowed;
    private final Set<URI> unreachable;

    private Truth(WebPlan plan, Origins origins, Set<Page> documents) {
        behindRedirects = uris(origins, plan.behindRedirects());
        disallowed = uris(origins, plan.disallowed());
        unreachable = uris(origins, plan.unreachable());
        assets = new LinkedHashSet<>();
        documents.forEach(page -> assets.addAll(uris(origins, plan.assetsOn(page))));
    }

    /** Writes every page once, to know its length: about a second for a web of 5 000 pages. */
    static Truth of(WebPlan plan, Origins origins, Answers answers) {
        Set<Page> documents = new LinkedHashSet<>();
        for (Page page : plan.linked()) {
            Page document = plan.document(page);
            if (page.kind().followed() && document != null) {
                documents.add(document);
            }
        }
        Map<Page, Set<URI>> foundOn = new HashMap<>();
        for (Page document : documents) {
            for (Page target : plan.linksOn(document)) {
                if (!target.equals(document)) {
                    foundOn.computeIfAbsent(target, t -> new LinkedHashSet<>()).add(origins.uri(document));
                }
            }
        }
        Truth truth = new Truth(plan, origins, documents);
        for (Page page : plan.linked()) {
            truth.add(expected(page, plan, origins, answers, Set.copyOf(foundOn.getOrDefault(page, Set.of()))));
        }
        return truth;
    }

    private static ExpectedPage expected(Page page, WebPlan plan, Origins origins, Answers answers, Set<URI> foundOn) {
        URI uri = origins.uri(page);
        Page document = plan.document(page);
        if (document == null) {
            int status = answers.settled(page).status();
            return new ExpectedPage(uri, page.kind(), status, null, 0, false, foundOn);
        }
        Answer answer = answers.settled(document);
        boolean html = answer.status() == 200 && answer.html();
        return new ExpectedPage(
                uri, page.kind(), answer.status(), origins.uri(document), answer.body().length, html, foundOn);
    }

    private void add(ExpectedPage page) {
        pages.put(page.uri(), page);
        if (page.broken()) {
            page.foundOn().forEach(on -> brokenLinks.add(new BrokenLink(on, page.uri())));
        }
    }

    /** {@return every URL that an obedient crawler finds in an anchor, the start page too, and what it finds there} */
    public Map<URI, ExpectedPage> pages() {
        return Collections.unmodifiableMap(pages);
    }

    /**
     * {@return those of {@link #pages()} that are of one kind}
     *
     * @param kind the kind
     */
    public Set<URI> ofKind(PageKind kind) {
        return pages.values().stream()
                .filter(page -> page.kind() == kind)
                .map(ExpectedPage::uri)
                .collect(toCollection(LinkedHashSet::new));
    }

    /** {@return every anchor that leads to an error or into a redirect loop, once for each page it stands on} */
    public List<BrokenLink> brokenLinks() {
        return new ArrayList<>(brokenLinks);
    }

    /**
     * {@return the URLs that nothing links to: hops of redirects, and where they end} Who follows redirects asks for them.
     */
    public Set<URI> behindRedirects() {
        return Collections.unmodifiableSet(behindRedirects);
    }

    /**
     * {@return the URLs that are linked and that robots.txt forbids} An obedient crawler knows of them and never asks.
     */
    public Set<URI> disallowed() {
        return Collections.unmodifiableSet(disallowed);
    }

    /** {@return the URLs that are linked only from disallowed pages} An obedient crawler never hears of them. */
    public Set<URI> unreachable() {
        return Collections.unmodifiableSet(unreachable);
    }

    /**
     * {@return the style sheets, scripts and images of the pages} A browser asks for them; a crawler of links need not.
     */
    public Set<URI> assets() {
        return Collections.unmodifiableSet(assets);
    }

    private static Set<URI> uris(Origins origins, Collection<Page> pages) {
        return pages.stream().map(origins::uri).collect(toCollection(LinkedHashSet::new));
    }
}
