package io.weir.demos.web;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Every page of the web, and which page links to which. The same for the same options; knows nothing of ports.
 *
 * <p>A page is in one of these sets. <b>Linked</b>: stands in an anchor of a page that an obedient crawler reads; these
 * are all that {@link Truth#pages()} counts. <b>Behind redirects</b>: only ever redirected to. <b>Disallowed</b>: linked,
 * but forbidden by robots.txt. <b>Unreachable</b>: linked only from a disallowed one. <b>Supporting</b>: assets and
 * robots.txt.
 *
 * <p>The linked pages form a tree, rooted in the home page of host 0; {@link WebPlanner} builds it, and it is what makes
 * each of them reachable. More links are thrown in by {@link #linksOn}, drawn again each time, so that they cost no memory.
 */
final class WebPlan {
    private final TestWebOptions options;
    private final Map<String, Page> byAddress = new HashMap<>();
    private final Map<Page, Redirect> redirects = new HashMap<>();
    private final Map<Page, List<Page>> children = new HashMap<>();
    private final Set<Page> onlyInTree = new HashSet<>();
    private final Map<Integer, List<Page>> linkedOnHost = new HashMap<>();
    private final Map<Integer, List<Page>> assetsOnHost = new HashMap<>();

    private final List<Page> linked = new ArrayList<>();
    private final Set<Page> behindRedirects = new LinkedHashSet<>();
    private final Set<Page> disallowed = new LinkedHashSet<>();
    private final Set<Page> unreachable = new LinkedHashSet<>();

    WebPlan(TestWebOptions options) {
        this.options = options;
    }

    TestWebOptions options() {
        return options;
    }

    /** Hosts that listen: those to be crawled and the closed one. */
    int hosts() {
        return options.hosts() + (options.closedHost() ? 1 : 0);
    }

    @Nullable
    Page find(int host, String target) {
        return byAddress.get(host + target);
    }

    Page home(int host) {
        Page home = find(host, "/");
        if (home == null) {
            throw new IllegalArgumentException("no host " + host);
        }
        return home;
    }

    List<Page> linked() {
        return linked;
    }

    List<Page> linkedOn(int host) {
        return linkedOnHost.getOrDefault(host, List.of());
    }

    Set<Page> behindRedirects() {
        return behindRedirects;
    }

    Set<Page> disallowed() {
        return disallowed;
    }

    Set<Page> unreachable() {
        return unreachable;
    }

    /** Where a page redirects to, or null. */
    @Nullable
    Redirect redirect(Page page) {
        return redirects.get(page);
    }

    /** What is read at the end of the redirects, or null if they have no end. */
    @Nullable
    Page document(Page page) {
        Page at = page;
        for (int hops = 0; hops < 10; hops++) {
            Redirect redirect = redirects.get(at);
            if (redirect == null) {
                return at;
            }
            at = redirect.to();
        }
        return null;
    }

    /** The anchors of a page, in their order; some pages stand there twice. */
    List<Page> linksOn(Page page) {
        List<Page> links = new ArrayList<>(children.getOrDefault(page, List.of()));
        if (!page.kind().followed() || page.kind() == PageKind.REDIRECT) {
            return links;
        }
        links.add(home(page.host()));
        if (!disallowed.contains(page) && !unreachable.contains(page)) {
            Dice dice = Dice.of(options.seed(), "links", page.id());
            List<Page> neighbours = linkedOn(page.host());
            for (int more = dice.between(2, 12); more > 0; more--) {
                Page other = dice.pick(dice.chance(0.7) ? neighbours : linked);
                if (!onlyInTree.contains(other)) {
                    links.add(other);
                }
            }
            if (dice.chance(0.2)) {
                links.add(dice.pick(links));
            }
            dice.shuffle(links);
        }
        return links;
    }

    /** The style sheet of a page's host, and perhaps its script and image. */
    List<Page> assetsOn(Page page) {
        Dice dice = Dice.of(options.seed(), "assets", page.id());
        return assetsOnHost.getOrDefault(page.host(), List.of()).stream()
                .filter(asset -> asset.target().endsWith(".css") || dice.chance(0.5))
                .toList();
    }

    // What follows builds the plan, and is used by WebPlanner only.

    Page add(int host, String target, PageKind kind) {
        Page page = new Page(byAddress.size(), host, target, kind);
        if (byAddress.putIfAbsent(host + target, page) != null) {
            throw new IllegalStateException("host " + host + " has two pages " + target);
        }
        if (kind == PageKind.ASSET) {
            assetsOnHost.computeIfAbsent(host, h -> new ArrayList<>()).add(page);
        }
        return page;
    }

    Page addLinked(int host, String target, PageKind kind) {
        Page page = add(host, target, kind);
        linked.add(page);
        linkedOnHost.computeIfAbsent(host, h -> new ArrayList<>()).add(page);
        return page;
    }

    int nextId() {
        return byAddress.size();
    }

    void redirect(Page from, int status, Page to) {
        redirects.put(from, new Redirect(status, to));
    }

    /**
     * Makes a page a child of another. The children of odd pages are linked from nowhere else: who cannot read an odd page
     * does not find them.
     */
    void link(Page from, Page to) {
        if (from.kind() != PageKind.PAGE || behindRedirects.contains(from)) {
            onlyInTree.add(to);
        }
        children.computeIfAbsent(from, f -> new ArrayList<>()).add(to);
    }
}
