package io.weir.files;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;

/** How a file is written. Immutable: each {@code with…} method gives a changed copy. */
public final class WriteOptions {
    /** What becomes of a file that is there already. */
    enum Mode {
        OVERWRITE,
        APPEND,
        CREATE_NEW,
        REPLACE_ATOMICALLY
    }

    private static final WriteOptions OVERWRITE = first(Mode.OVERWRITE);

    private final Mode mode;
    private final boolean parents;
    private final Charset charset;
    private final SyncPolicy sync;

    private WriteOptions(Mode mode, boolean parents, Charset charset, SyncPolicy sync) {
        this.mode = mode;
        this.parents = parents;
        this.charset = charset;
        this.sync = sync;
    }

    private static WriteOptions first(Mode mode) {
        return new WriteOptions(mode, false, StandardCharsets.UTF_8, SyncPolicy.none());
    }

    /**
     * Creates the file, or empties the one that is there. The default of every write.
     *
     * @return options with that mode, in UTF-8, which create no folders
     */
    public static WriteOptions overwrite() {
        return OVERWRITE;
    }

    /**
     * Creates the file, or adds to the end of the one that is there.
     *
     * @return options with that mode, in UTF-8, which create no folders
     */
    public static WriteOptions append() {
        return first(Mode.APPEND);
    }

    /**
     * Creates the file, and fails with {@link FileExistsException} where one is there.
     *
     * @return options with that mode, in UTF-8, which create no folders
     */
    public static WriteOptions createNew() {
        return first(Mode.CREATE_NEW);
    }

    /**
     * Creates the folders on the way to the file that are missing.
     *
     * @return a changed copy
     */
    public WriteOptions withParents() {
        return new WriteOptions(mode, true, charset, sync);
    }

    /**
     * The charset of text. One that begins with a byte order mark, such as UTF-16, writes the mark once for each write.
     *
     * @param charset the charset, UTF-8 by default
     * @return a changed copy
     */
    public WriteOptions withCharset(Charset charset) {
        if (!charset.canEncode()) {
            throw new IllegalArgumentException(charset + " can be read but not written");
        }
        return new WriteOptions(mode, parents, charset, sync);
    }

    /**
     * When what is written is forced to the device. An atomic write is forced at the end in any case. A device that fails to take
     * what it is forced to fails the write.
     *
     * @param policy {@link SyncPolicy#none()} by default
     * @return a changed copy
     */
    public WriteOptions withSync(SyncPolicy policy) {
        return new WriteOptions(mode, parents, charset, policy);
    }

    /** These options for a write that replaces the file whole: only overwriting can be done so. */
    WriteOptions atomically() {
        if (mode != Mode.OVERWRITE) {
            throw new IllegalArgumentException("an atomic write replaces the file, it cannot " + mode);
        }
        return new WriteOptions(Mode.REPLACE_ATOMICALLY, parents, charset, sync);
    }

    Mode mode() {
        return mode;
    }

    boolean parents() {
        return parents;
    }

    Charset charset() {
        return charset;
    }

    SyncPolicy sync() {
        return sync;
    }

    @Override
    public String toString() {
        return "WriteOptions[mode=" + mode + ", parents=" + parents + ", charset=" + charset + ", sync=" + sync + "]";
    }
}
