package io.weir.files;

import java.time.Duration;

/** How a folder is watched. Immutable: each method gives a changed copy. */
public final class WatchOptions {
    private static final WatchOptions DEFAULTS = new WatchOptions(false, Duration.ofMillis(100), 100_000);

    private final boolean recursive;
    private final Duration interval;
    private final int maxEntries;

    private WatchOptions(boolean recursive, Duration interval, int maxEntries) {
        this.recursive = recursive;
        this.interval = interval;
        this.maxEntries = maxEntries;
    }

    /**
     * The folder itself and not those in it, looked at ten times a second, with up to 100 000 entries.
     *
     * @return the defaults
     */
    public static WatchOptions defaults() {
        return DEFAULTS;
    }

    /**
     * All folders below too, those that are created later included; not through symbolic links. Each takes one of the system's
     * watches, of which a Linux user may have {@code fs.inotify.max_user_watches}.
     *
     * @return a changed copy
     */
    public WatchOptions recursive() {
        return new WatchOptions(true, interval, maxEntries);
    }

    /**
     * How long to gather what the system tells. What happens to one file meanwhile is told as one event, and the two halves of a
     * renaming belong together only if they fall into the same interval.
     *
     * @param interval more than zero; 100 ms by default
     * @return a changed copy
     */
    public WatchOptions withInterval(Duration interval) {
        return new WatchOptions(recursive, TailOptions.positive(interval), maxEntries);
    }

    /**
     * How many files and folders may be there. Some 200 bytes are held for each.
     *
     * @param entries more than zero; 100 000 by default
     * @return a changed copy
     */
    public WatchOptions withMaxEntries(int entries) {
        if (entries < 1) {
            throw new IllegalArgumentException("maxEntries must be more than 0, not " + entries);
        }
        return new WatchOptions(recursive, interval, entries);
    }

    boolean isRecursive() {
        return recursive;
    }

    Duration interval() {
        return interval;
    }

    int maxEntries() {
        return maxEntries;
    }

    @Override
    public String toString() {
        return "WatchOptions[recursive=" + recursive + ", interval=" + interval + ", maxEntries=" + maxEntries + "]";
    }
}
