package io.weir.demos.web;

/** What is odd about a page, if anything. Each page is of one kind. */
public enum PageKind {
    /** An HTML page, answered at once. What is left when every oddity has had its share. */
    PAGE(0, true),
    /** An HTML page that comes after a delay. */
    SLOW(0.02, true),
    /** 503 to the very first request, an HTML page to every later one. */
    FAILS_ONCE(0.01, true),
    /** Closes the connection on the very first request, before or amid the body; an HTML page to every later one. */
    DROPS_ONCE(0.005, true),
    /** 404. */
    NOT_FOUND(0.02, false),
    /** 410. */
    GONE(0.004, false),
    /** 500, always. */
    SERVER_ERROR(0.004, false),
    /** 301, 302, 303, 307 or 308, by one to three hops, on this host or to another, to a page that answers 200. */
    REDIRECT(0.04, true),
    /** A redirect to a page that is not there. */
    BROKEN_REDIRECT(0.003, false),
    /** A redirect that leads back to itself, directly or by way of one or two others. */
    REDIRECT_LOOP(0.002, false),
    /** An HTML page of 1 to 3 MB. */
    LARGE(0.002, true),
    /** The header says UTF-8; the bytes are ISO-8859-1. */
    CHARSET_LIE(0.003, true),
    /** The header names a charset nobody knows, or one that is no legal name; the bytes are UTF-8. */
    CHARSET_UNKNOWN(0.003, true),
    /** No charset in the header; a {@code <meta>} names ISO-8859-1, rightly. */
    CHARSET_IN_META(0.003, true),
    /** No charset anywhere; the bytes are UTF-8. */
    CHARSET_MISSING(0.003, true),
    /** No charset but a byte order mark; the bytes are UTF-16, of either order. */
    CHARSET_UTF16(0.003, true),
    /** HTML called {@code application/octet-stream}, or an image called {@code text/html}. */
    WRONG_TYPE(0.003, false),
    /** 200, {@code text/html}, and no body at all. */
    EMPTY(0.002, false),
    /** Something linked that is not HTML and says so. */
    DOWNLOAD(0.005, false),
    /** An HTML page whose URL is trouble for whoever makes a file name of it. */
    ODD_NAME(0.025, true),
    /** A style sheet, script or image. Not linked by an anchor, so not counted as a page. */
    ASSET(0, false),
    /** A robots.txt. Not counted as a page. */
    ROBOTS(0, false);

    private final double defaultShare;
    private final boolean followed;

    PageKind(double defaultShare, boolean followed) {
        this.defaultShare = defaultShare;
        this.followed = followed;
    }

    double defaultShare() {
        return defaultShare;
    }

    /** Whether it leads to HTML with links that a crawler follows. */
    boolean followed() {
        return followed;
    }

    /** Whether the options may say how many of these there are. */
    boolean oddity() {
        return this != PAGE && this != ASSET && this != ROBOTS;
    }
}
