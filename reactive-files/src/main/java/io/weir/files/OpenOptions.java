package io.weir.files;

import java.nio.file.OpenOption;
import java.nio.file.StandardOpenOption;
import java.util.HashSet;
import java.util.Set;

/** How an {@link AsyncFile} is opened. Immutable: each {@code with…} method gives a changed copy. */
public final class OpenOptions {
    /** What becomes of a file that is missing, or of what is in one that is there. */
    enum Creation {
        NONE,
        IF_MISSING,
        NEW
    }

    private static final OpenOptions READ = new OpenOptions(false, Creation.NONE, false);
    private static final OpenOptions READ_WRITE = new OpenOptions(true, Creation.NONE, false);

    private final boolean writes;
    private final Creation creation;
    private final boolean truncates;

    private OpenOptions(boolean writes, Creation creation, boolean truncates) {
        this.writes = writes;
        this.creation = creation;
        this.truncates = truncates;
    }

    /**
     * Reads a file that is there.
     *
     * @return options for reading
     */
    public static OpenOptions read() {
        return READ;
    }

    /**
     * Reads and writes a file that is there.
     *
     * @return options for reading and writing
     */
    public static OpenOptions readWrite() {
        return READ_WRITE;
    }

    /**
     * Creates the file if it is missing.
     *
     * @return a changed copy, which reads and writes
     */
    public OpenOptions withCreate() {
        return new OpenOptions(true, Creation.IF_MISSING, truncates);
    }

    /**
     * Creates the file, and fails with {@link FileExistsException} where one is there.
     *
     * @return a changed copy, which reads and writes
     */
    public OpenOptions withCreateNew() {
        return new OpenOptions(true, Creation.NEW, truncates);
    }

    /**
     * Empties the file when it is opened.
     *
     * @return a changed copy, which reads and writes
     */
    public OpenOptions withTruncate() {
        return new OpenOptions(true, creation, true);
    }

    boolean writes() {
        return writes;
    }

    Creation creation() {
        return creation;
    }

    boolean truncates() {
        return truncates;
    }

    Set<OpenOption> asSet() {
        Set<OpenOption> options = new HashSet<>(Set.of(StandardOpenOption.READ));
        if (writes) {
            options.add(StandardOpenOption.WRITE);
        }
        if (creation == Creation.IF_MISSING) {
            options.add(StandardOpenOption.CREATE);
        } else if (creation == Creation.NEW) {
            options.add(StandardOpenOption.CREATE_NEW);
        }
        if (truncates) {
            options.add(StandardOpenOption.TRUNCATE_EXISTING);
        }
        return options;
    }

    @Override
    public String toString() {
        return "OpenOptions[" + (writes ? "readWrite" : "read") + ", create=" + creation + ", truncate=" + truncates
                + "]";
    }
}
