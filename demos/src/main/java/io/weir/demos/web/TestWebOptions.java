package io.weir.demos.web;

import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;

/** How large a {@link TestWeb} is, and how odd. Immutable. */
public final class TestWebOptions {
    private final int hosts;
    private final int pages;
    private final long seed;
    private final Addressing addressing;
    private final Map<PageKind, Double> shares;
    private final Duration shortestDelay;
    private final Duration longestDelay;
    private final boolean closedHost;

    private TestWebOptions(Builder builder) {
        hosts = builder.hosts;
        pages = builder.pages;
        seed = builder.seed;
        addressing = builder.addressing;
        shares = new EnumMap<>(builder.shares);
        shortestDelay = builder.shortestDelay;
        longestDelay = builder.longestDelay;
        closedHost = builder.closedHost;
        require(hosts >= 1 && hosts <= 10_000, "hosts must be 1 to 10000, not " + hosts);
        require(pages >= hosts, "pages must be at least one for each of the " + hosts + " hosts, not " + pages);
        double odd = shares.values().stream().mapToDouble(Double::doubleValue).sum();
        require(odd <= 1, "the shares must add up to at most 1, not " + odd);
        require(!shortestDelay.isNegative(), "a delay must not be negative: " + shortestDelay);
        require(longestDelay.compareTo(shortestDelay) >= 0, "the longest delay is shorter than the shortest");
    }

    /** {@return 200 hosts, 5 000 pages, some of every oddity} */
    public static TestWebOptions defaults() {
        return builder().build();
    }

    /** {@return a builder that starts from {@link #defaults()}} */
    public static Builder builder() {
        return new Builder();
    }

    /** {@return how many hosts have pages to be crawled} */
    public int hosts() {
        return hosts;
    }

    /** {@return how many URLs an obedient crawler finds, exactly} */
    public int pages() {
        return pages;
    }

    /** {@return the seed that everything in the web is derived from} */
    public long seed() {
        return seed;
    }

    /** {@return how the hosts are told apart} */
    public Addressing addressing() {
        return addressing;
    }

    /** {@return the least that a {@link PageKind#SLOW} page waits} */
    public Duration shortestDelay() {
        return shortestDelay;
    }

    /** {@return the most that a {@link PageKind#SLOW} page waits} */
    public Duration longestDelay() {
        return longestDelay;
    }

    /** {@return whether there is one host more, closed to an obedient crawler by a robots.txt that answers 500} */
    public boolean closedHost() {
        return closedHost;
    }

    /** How many pages of this oddity there are. */
    int count(PageKind kind) {
        return (int) Math.round(shares.getOrDefault(kind, 0.0) * (pages - hosts));
    }

    private static void require(boolean condition, String otherwise) {
        if (!condition) {
            throw new IllegalArgumentException(otherwise);
        }
    }

    /** Collects the options. */
    public static final class Builder {
        private int hosts = 200;
        private int pages = 5_000;
        private long seed = 1;
        private Addressing addressing = Addressing.ofThisMachine();
        private final Map<PageKind, Double> shares = new EnumMap<>(PageKind.class);
        private Duration shortestDelay = Duration.ofMillis(200);
        private Duration longestDelay = Duration.ofMillis(800);
        private boolean closedHost = true;

        private Builder() {
            for (PageKind kind : PageKind.values()) {
                if (kind.oddity()) {
                    shares.put(kind, kind.defaultShare());
                }
            }
        }

        /**
         * Sets how many hosts are to be crawled. Default 200.
         *
         * @param count 1 to 10 000; each has a home page
         * @return this
         */
        public Builder hosts(int count) {
            hosts = count;
            return this;
        }

        /**
         * Sets how many URLs are to be found. Default 5 000.
         *
         * @param count home pages included, so at least the number of hosts
         * @return this
         */
        public Builder pages(int count) {
            pages = count;
            return this;
        }

        /**
         * Sets the seed. Default 1.
         *
         * @param value the same seed gives the same web, apart from its ports
         * @return this
         */
        public Builder seed(long value) {
            seed = value;
            return this;
        }

        /**
         * Sets how the hosts are told apart. Default {@link Addressing#ofThisMachine()}.
         *
         * @param value how
         * @return this
         */
        public Builder addressing(Addressing value) {
            addressing = value;
            return this;
        }

        /**
         * Sets the share of one oddity among the pages that are no home page. What the shares leave are plain pages.
         *
         * @param kind any kind but {@code PAGE}, {@code ASSET} and {@code ROBOTS}
         * @param share 0 to 1; all shares add up to at most 1
         * @return this
         */
        public Builder share(PageKind kind, double share) {
            require(kind.oddity(), kind + " is no oddity");
            require(share >= 0 && share <= 1, "a share must be 0 to 1, not " + share);
            shares.put(kind, share);
            return this;
        }

        /**
         * Sets all shares to zero: no oddities but those set after this.
         *
         * @return this
         */
        public Builder onlyPlainPages() {
            shares.clear();
            return this;
        }

        /**
         * Sets how long {@link PageKind#SLOW} pages wait. Default 200 to 800 ms.
         *
         * @param shortest the least
         * @param longest the most
         * @return this
         */
        public Builder slowDelay(Duration shortest, Duration longest) {
            shortestDelay = shortest;
            longestDelay = longest;
            return this;
        }

        /**
         * Sets whether there is a host closed to crawlers, see {@link TestWebOptions#closedHost()}. Default true.
         *
         * @param wanted whether
         * @return this
         */
        public Builder closedHost(boolean wanted) {
            closedHost = wanted;
            return this;
        }

        /**
         * {@return the options}
         *
         * @throws IllegalArgumentException if they do not fit together
         */
        public TestWebOptions build() {
            return new TestWebOptions(this);
        }
    }
}
