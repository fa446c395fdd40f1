package io.weir.files;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** How files are copied. Immutable: each method gives a changed copy. */
public final class CopyOptions {
    private static final int MOST_AT_ONCE = 256;

    private static final CopyOptions DEFAULTS = new CopyOptions(false, false, null, false, 4);

    private final boolean replacing;
    private final boolean attributes;
    private final @Nullable Consumer<? super FileException> onSkipped;
    private final boolean forMove;
    private final int concurrency;

    private CopyOptions(
            boolean replacing,
            boolean attributes,
            @Nullable Consumer<? super FileException> onSkipped,
            boolean forMove,
            int concurrency) {
        this.replacing = replacing;
        this.attributes = attributes;
        this.onSkipped = onSkipped;
        this.forMove = forMove;
        this.concurrency = concurrency;
    }

    /**
     * Nothing that is there is replaced; the copy has the permissions of the source as far as the process's umask leaves
     * them, and is of now; a tree is copied four files at a time, up to the first error.
     *
     * @return the defaults
     */
    public static CopyOptions defaults() {
        return DEFAULTS;
    }

    /**
     * Replaces a file or a link that is there. A tree is laid over a folder that is there; what only that holds stays.
     *
     * @return a changed copy
     */
    public CopyOptions replacing() {
        return new CopyOptions(true, attributes, onSkipped, forMove, concurrency);
    }

    /**
     * Gives the copy the permissions and times of the source, and its owner and group where this process may give files
     * away. Not for extended attributes and access control lists.
     *
     * @return a changed copy
     */
    public CopyOptions withAttributes() {
        return new CopyOptions(replacing, true, onSkipped, forMove, concurrency);
    }

    /**
     * For trees: goes on after a failure with what else there is. {@link TreeSummary#failures()} counts them.
     *
     * @param report is told of each, on a worker, and possibly on several at once
     * @return a changed copy
     */
    public CopyOptions skippingFailures(Consumer<? super FileException> report) {
        return new CopyOptions(replacing, attributes, report, forMove, concurrency);
    }

    /**
     * For trees: how many files are copied at once.
     *
     * @param files from 1 to 256, 4 by default
     * @return a changed copy
     */
    public CopyOptions withConcurrency(int files) {
        if (files < 1 || files > MOST_AT_ONCE) {
            throw new IllegalArgumentException(
                    "concurrency must be from 1 to " + MOST_AT_ONCE + " files, not " + files);
        }
        return new CopyOptions(replacing, attributes, onSkipped, forMove, files);
    }

    /** For a copy that takes the place of its source: forced to the device, and refused if the source changes meanwhile. */
    CopyOptions forMove() {
        return new CopyOptions(replacing, true, null, true, concurrency);
    }

    boolean isReplacing() {
        return replacing;
    }

    boolean attributes() {
        return attributes;
    }

    /** Whom to tell of a failure and go on, or null to stop at it. */
    @Nullable
    Consumer<? super FileException> onSkipped() {
        return onSkipped;
    }

    boolean isForMove() {
        return forMove;
    }

    int concurrency() {
        return concurrency;
    }

    @Override
    public String toString() {
        return "CopyOptions[replacing=" + replacing + ", attributes=" + attributes + ", skippingFailures="
                + (onSkipped != null) + ", concurrency=" + concurrency + "]";
    }
}
