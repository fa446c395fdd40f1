package io.weir.demos.web;

import java.util.ArrayList;
import java.util.List;

/**
 * Draws up a {@link WebPlan}: first the pages, then where the redirects lead, then the tree of links, then what is closed
 * to crawlers. Only the choices that everything depends on are made here; what a page says is decided when it is read.
 */
final class WebPlanner {
    /** Hosts are a tree too, each leading to so many others: a crawl soon has many hosts to turn to. */
    private static final int HOSTS_LINKED_FROM_A_HOST = 4;

    private final TestWebOptions options;
    private final WebPlan plan;
    private final Dice dice;

    private WebPlanner(TestWebOptions options) {
        this.options = options;
        plan = new WebPlan(options);
        dice = Dice.of(options.seed(), "plan", 0);
    }

    static WebPlan plan(TestWebOptions options) {
        WebPlanner planner = new WebPlanner(options);
        planner.pages();
        new RedirectPlanner(planner.plan, Dice.of(options.seed(), "redirects", 0)).run();
        planner.tree();
        planner.supportingFiles();
        return planner.plan;
    }

    private void pages() {
        for (int host = 0; host < options.hosts(); host++) {
            plan.addLinked(host, "/", PageKind.PAGE);
        }
        int oddNames = 0;
        for (PageKind kind : kinds()) {
            if (kind == PageKind.ODD_NAME) {
                addOddName(oddNames++);
            } else {
                // The lesser of two numbers: the first hosts are large, the last ones small.
                int host = Math.min(dice.below(options.hosts()), dice.below(options.hosts()));
                add(host, kind);
            }
        }
    }

    /** The kind of each page that is no home page: as many as the options say, in any order. */
    private List<PageKind> kinds() {
        List<PageKind> kinds = new ArrayList<>();
        int wanted = options.pages() - options.hosts();
        for (PageKind kind : PageKind.values()) {
            for (int i = options.count(kind); i > 0 && kinds.size() < wanted; i--) {
                kinds.add(kind);
            }
        }
        while (kinds.size() < wanted) {
            kinds.add(PageKind.PAGE);
        }
        dice.shuffle(kinds);
        return kinds;
    }

    private void add(int host, PageKind kind) {
        boolean closed = Robots.of(host, options.hosts()).closesAFolder();
        plan.addLinked(host, PageNames.target(kind, plan.nextId(), closed, dice), kind);
    }

    /** All names go to one host before any goes to the next: they are odd because of each other. */
    private void addOddName(int number) {
        int round = number / OddNames.ALL.size();
        String name = OddNames.ALL.get(number % OddNames.ALL.size());
        int host = (round + 1) % options.hosts();
        boolean again = round >= options.hosts();
        plan.addLinked(host, again ? "/more-" + round + name : name, PageKind.ODD_NAME);
    }

    private void tree() {
        List<List<Page>> parents = new ArrayList<>();
        for (int host = 0; host < options.hosts(); host++) {
            parents.add(new ArrayList<>());
        }
        // A page's parent comes before it on the same host, so nothing goes round in circles and all lead home.
        for (Page page : plan.linked()) {
            List<Page> onHost = parents.get(page.host());
            if (!onHost.isEmpty()) {
                plan.link(dice.pick(onHost), page);
            }
            Page document = plan.document(page);
            if (page.kind().followed()
                    && document != null
                    && (document.equals(page) || plan.behindRedirects().contains(document))) {
                onHost.add(document);
            }
        }
        for (int host = 1; host < options.hosts(); host++) {
            plan.link(dice.pick(parents.get((host - 1) / HOSTS_LINKED_FROM_A_HOST)), plan.home(host));
        }
        for (int host = 0; host < options.hosts(); host++) {
            if (Robots.of(host, options.hosts()).closesAFolder()) {
                closedFolder(host, parents.get(host));
            }
        }
        if (options.closedHost()) {
            closedHost(parents.get(0));
        }
    }

    private void closedFolder(int host, List<Page> parents) {
        String number = "-" + plan.nextId() + ".html";
        Page diary = disallowed(host, Robots.CLOSED_FOLDER + "diary" + number, parents);
        disallowed(host, Robots.CLOSED_FOLDER + "letters" + number, parents);
        // Spelled with an encoded p. To robots.txt, by RFC 9309, that is the same folder.
        disallowed(host, "/%70rivate/sly" + number, parents);
        unreachable(diary, Robots.CLOSED_FOLDER + "last-page" + number);
        unreachable(diary, "/found-in-a-diary" + number);
    }

    private void closedHost(List<Page> parents) {
        Page home = disallowed(options.hosts(), "/", parents);
        unreachable(home, "/members.html");
        unreachable(home, "/press.html");
    }

    private Page disallowed(int host, String target, List<Page> parents) {
        Page page = plan.add(host, target, PageKind.PAGE);
        plan.disallowed().add(page);
        plan.link(dice.pick(parents), page);
        plan.link(dice.pick(parents), page);
        return page;
    }

    private void unreachable(Page from, String target) {
        Page page = plan.add(from.host(), target, PageKind.PAGE);
        plan.unreachable().add(page);
        plan.link(from, page);
    }

    private void supportingFiles() {
        for (int host = 0; host < plan.hosts(); host++) {
            plan.add(host, "/assets/style.css", PageKind.ASSET);
            plan.add(host, "/assets/page.js", PageKind.ASSET);
            plan.add(host, "/assets/logo.png", PageKind.ASSET);
            Page robots = plan.add(host, Robots.TARGET, PageKind.ROBOTS);
            if (Robots.of(host, options.hosts()) == Robots.MOVED) {
                plan.redirect(robots, 301, plan.add(host, Robots.MOVED_TARGET, PageKind.ROBOTS));
            }
        }
    }
}
