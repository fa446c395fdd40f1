package io.weir.demos.web;

import java.util.List;

/** Decides where every page that redirects leads, and adds the pages on the way. */
final class RedirectPlanner {
    private static final List<Integer> STATUSES = List.of(301, 302, 303, 307, 308);
    private static final int LONGEST_CHAIN = 3;

    private final WebPlan plan;
    private final Dice dice;
    private int redirects;

    RedirectPlanner(WebPlan plan, Dice dice) {
        this.plan = plan;
        this.dice = dice;
    }

    void run() {
        List<Page> plain = plan.linked().stream()
                .filter(page -> page.kind() == PageKind.PAGE)
                .toList();
        for (Page page : plan.linked()) {
            switch (page.kind()) {
                case REDIRECT -> chain(page, dice.chance(0.5) ? dice.pick(plain) : behind(page, PageKind.PAGE, "new"));
                case BROKEN_REDIRECT -> chain(page, behind(page, PageKind.NOT_FOUND, "lost"));
                case REDIRECT_LOOP -> chain(page, page);
                default -> {
                    // answers by itself
                }
            }
        }
    }

    private void chain(Page from, Page to) {
        Page last = from;
        for (int hop = dice.below(LONGEST_CHAIN); hop > 0; hop--) {
            Page next = behind(from, from.kind(), "hop-" + hop);
            redirect(last, next, from);
            last = next;
        }
        redirect(last, to, from);
    }

    /** A page that nothing links to, on the same host or on another. */
    private Page behind(Page redirect, PageKind kind, String name) {
        int host =
                dice.chance(0.5) ? redirect.host() : dice.below(plan.options().hosts());
        Page page = plan.add(host, "/moved/" + redirect.id() + "/" + name + ".html", kind);
        plan.behindRedirects().add(page);
        return page;
    }

    private void redirect(Page from, Page to, Page first) {
        // A loop has one status all round: it does not matter where its reader gives up.
        boolean loop = first.kind() == PageKind.REDIRECT_LOOP;
        int number = loop ? first.id() : redirects++;
        plan.redirect(from, STATUSES.get(number % STATUSES.size()), to);
    }
}
