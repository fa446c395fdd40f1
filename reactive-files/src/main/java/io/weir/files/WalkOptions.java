package io.weir.files;

import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.function.Consumer;
import java.util.function.Predicate;

/** How a tree is walked through. Immutable: each method gives a changed copy. */
public final class WalkOptions {
    private static final WalkOptions DEFAULTS = new WalkOptions(new Settings());

    /** What becomes of a failure. */
    enum Failures {
        FAIL,
        SKIP,
        EMIT
    }

    /** Copied, changed once and then never again. */
    private static final class Settings implements Cloneable {
        int maxDepth = Integer.MAX_VALUE;
        int maxOpenFolders = 16;
        boolean followingLinks;
        boolean sorted;
        boolean foldersLast;
        Failures failures = Failures.FAIL;
        Consumer<? super FileException> onSkipped = failure -> {};
        Predicate<Path> included = path -> true;
        Predicate<Path> excluded = path -> false;

        @Override
        protected Settings clone() {
            try {
                return (Settings) super.clone();
            } catch (CloneNotSupportedException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    private final Settings settings;

    private WalkOptions(Settings settings) {
        this.settings = settings;
    }

    /**
     * All of the tree, each folder before what it holds, in the order of the file system, following no link, up to the first
     * failure, with at most 16 folders open.
     *
     * @return the defaults
     */
    public static WalkOptions defaults() {
        return DEFAULTS;
    }

    private WalkOptions with(Consumer<Settings> change) {
        Settings changed = settings.clone();
        change.accept(changed);
        return new WalkOptions(changed);
    }

    /**
     * How many folders deep.
     *
     * @param folders 0 for the root alone, 1 for what it holds, and so on
     * @return a changed copy
     */
    public WalkOptions withMaxDepth(int folders) {
        if (folders < 0) {
            throw new IllegalArgumentException("maxDepth must be 0 or more, not " + folders);
        }
        return with(changed -> changed.maxDepth = folders);
    }

    /**
     * How many folders may be open at once, each with one or two descriptors. Where the tree is deeper, the names left in its
     * topmost folders are held in memory.
     *
     * @param folders at least 2, 16 by default
     * @return a changed copy
     */
    public WalkOptions withMaxOpenFolders(int folders) {
        if (folders < 2) {
            throw new IllegalArgumentException("maxOpenFolders must be at least 2, not " + folders);
        }
        return with(changed -> changed.maxOpenFolders = folders);
    }

    /**
     * Treats a symbolic link as what it points to. One to a folder on the way to it is a failure; one to nothing is an entry
     * with its own attributes.
     *
     * @return a changed copy
     */
    public WalkOptions followingLinks() {
        return with(changed -> changed.followingLinks = true);
    }

    /**
     * What a folder holds is emitted in the order of the names, which are held in memory for each folder on the way.
     *
     * @return a changed copy
     */
    public WalkOptions sorted() {
        return with(changed -> changed.sorted = true);
    }

    /**
     * Each folder is emitted after what it holds.
     *
     * @return a changed copy
     */
    public WalkOptions withFoldersLast() {
        return with(changed -> changed.foldersLast = true);
    }

    /**
     * Emits only what matches, given more than one pattern, any of them. Folders are entered whether or not they match.
     *
     * @param glob a pattern for the path from the root on, as {@link java.nio.file.FileSystem#getPathMatcher} knows it, for
     *     example {@code "**.java"}
     * @return a changed copy
     * @throws IllegalArgumentException if the pattern is none
     */
    public WalkOptions including(String glob) {
        PathMatcher matcher = matcher(glob);
        boolean first = settings.included == DEFAULTS.settings.included;
        return with(changed -> changed.included = first ? matcher::matches : changed.included.or(matcher::matches));
    }

    /**
     * Emits nothing that matches, and enters no folder that does.
     *
     * @param glob a pattern as for {@link #including}, for example <code>"{.git,**&#47;target}"</code>
     * @return a changed copy
     * @throws IllegalArgumentException if the pattern is none
     */
    public WalkOptions excluding(String glob) {
        PathMatcher matcher = matcher(glob);
        return with(changed -> changed.excluded = changed.excluded.or(matcher::matches));
    }

    private static PathMatcher matcher(String glob) {
        return FileSystems.getDefault().getPathMatcher("glob:" + glob);
    }

    /**
     * Goes on after a failure with what else there is. The root's own failure is an error all the same.
     *
     * @param report is told of each, on a worker
     * @return a changed copy
     */
    public WalkOptions skippingFailures(Consumer<? super FileException> report) {
        return with(changed -> {
            changed.failures = Failures.SKIP;
            changed.onSkipped = report;
        });
    }

    /**
     * Goes on after a failure, which is emitted as an entry. The root's own failure is an error all the same.
     *
     * @return a changed copy
     */
    public WalkOptions withFailuresAsEntries() {
        return with(changed -> changed.failures = Failures.EMIT);
    }

    int maxDepth() {
        return settings.maxDepth;
    }

    boolean isFollowingLinks() {
        return settings.followingLinks;
    }

    boolean foldersLast() {
        return settings.foldersLast;
    }

    Failures failures() {
        return settings.failures;
    }

    void skipped(FileException failure) {
        settings.onSkipped.accept(failure);
    }

    boolean includes(Path root, Path path) {
        return settings.included == DEFAULTS.settings.included || settings.included.test(root.relativize(path));
    }

    boolean excludes(Path root, Path path) {
        return settings.excluded != DEFAULTS.settings.excluded && settings.excluded.test(root.relativize(path));
    }

    Descent descent() {
        return new Descent(settings.maxOpenFolders, settings.sorted, settings.followingLinks);
    }

    @Override
    public String toString() {
        return "WalkOptions[maxDepth=" + settings.maxDepth + ", maxOpenFolders=" + settings.maxOpenFolders
                + ", followingLinks=" + settings.followingLinks + ", sorted=" + settings.sorted + ", foldersLast="
                + settings.foldersLast + ", failures=" + settings.failures + "]";
    }
}
