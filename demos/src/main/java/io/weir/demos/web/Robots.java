package io.weir.demos.web;

/**
 * What a host's robots.txt says. It is decided by the host's number, so that every larger web has some of each.
 *
 * <p>RFC 9309 gives the meaning: a 404 allows everything, a redirect is followed, and a 5xx forbids everything. The only
 * host that answers 5xx is therefore no part of the web that is to be found, see {@link TestWebOptions#closedHost()}.
 */
enum Robots {
    /** Forbids one folder but for what is open in it. */
    RULES,
    /** The same rules, behind a redirect. */
    MOVED,
    /** A file without a rule. */
    EMPTY,
    /** No such file. */
    MISSING,
    /** 500. */
    FAILING;

    static final String TARGET = "/robots.txt";
    static final String MOVED_TARGET = "/about/crawlers.txt";
    static final String CLOSED_FOLDER = "/private/";
    static final String OPEN_FOLDER = "/private/open/";

    private static final String RULES_TEXT = """
            # The longest rule that matches wins.
            User-agent: *
            Disallow: %s
            Allow: %s

            User-agent: greedy-bot
            Disallow: /
            """.formatted(CLOSED_FOLDER, OPEN_FOLDER);

    private static final String EMPTY_TEXT = "# Welcome.\nUser-agent: *\nDisallow:\n";

    static Robots of(int host, int hosts) {
        if (host >= hosts) {
            return FAILING;
        }
        return switch (host % 5) {
            case 2 -> EMPTY;
            case 3 -> MISSING;
            case 4 -> MOVED;
            default -> RULES;
        };
    }

    boolean closesAFolder() {
        return this == RULES || this == MOVED;
    }

    String text() {
        return closesAFolder() ? RULES_TEXT : EMPTY_TEXT;
    }
}
