package io.weir.files;

/** How an {@link AppendLog} is kept. Immutable: each {@code with…} method gives a changed copy. */
public final class AppendLogOptions {
    static final String MAX_WAITING = "maxWaiting";

    private static final AppendLogOptions DEFAULTS = new AppendLogOptions(false, 100_000);

    private final boolean parents;
    private final int maxWaiting;

    private AppendLogOptions(boolean parents, int maxWaiting) {
        this.parents = parents;
        this.maxWaiting = maxWaiting;
    }

    /**
     * No folders are created; 100 000 appends may wait.
     *
     * @return the defaults
     */
    public static AppendLogOptions defaults() {
        return DEFAULTS;
    }

    /**
     * Creates the folders on the way to the file that are missing.
     *
     * @return a changed copy
     */
    public AppendLogOptions withParents() {
        return new AppendLogOptions(true, maxWaiting);
    }

    /**
     * How many appends may wait to be durable. One more fails at once.
     *
     * @param appends at least 1, 100 000 by default
     * @return a changed copy
     */
    public AppendLogOptions withMaxWaiting(int appends) {
        if (appends < 1) {
            throw new IllegalArgumentException(MAX_WAITING + " must be at least 1, not " + appends);
        }
        return new AppendLogOptions(parents, appends);
    }

    boolean parents() {
        return parents;
    }

    int maxWaiting() {
        return maxWaiting;
    }

    @Override
    public String toString() {
        return "AppendLogOptions[parents=" + parents + ", maxWaiting=" + maxWaiting + "]";
    }
}
