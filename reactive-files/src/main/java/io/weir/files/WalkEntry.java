package io.weir.files;

import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Something met on a walk through a tree: a file, a folder, a link, or a failure to look at one. */
public final class WalkEntry {
    private final Path path;
    private final int depth;
    private final @Nullable BasicFileAttributes attributes;
    private final @Nullable FileException failure;

    WalkEntry(Path path, int depth, BasicFileAttributes attributes) {
        this.path = path;
        this.depth = depth;
        this.attributes = attributes;
        this.failure = null;
    }

    WalkEntry(Path path, int depth, FileException failure) {
        this.path = path;
        this.depth = depth;
        this.attributes = null;
        this.failure = failure;
    }

    /**
     * Where it is.
     *
     * @return the path of the root, as it was given, with the names below it
     */
    public Path path() {
        return path;
    }

    /**
     * How many folders below the root.
     *
     * @return 0 for the root itself
     */
    public int depth() {
        return depth;
    }

    /**
     * What it was when it was met: a link's own, unless the walk follows links.
     *
     * @return the attributes; a {@link java.nio.file.attribute.PosixFileAttributes} where the file system has those
     * @throws FileException the {@link #failure}, if this is one
     */
    public BasicFileAttributes attributes() {
        if (failure != null) {
            throw failure;
        }
        return Objects.requireNonNull(attributes);
    }

    /**
     * What went wrong here; only with {@link WalkOptions#withFailuresAsEntries}.
     *
     * @return the failure, or empty for an entry
     */
    public Optional<FileException> failure() {
        return Optional.ofNullable(failure);
    }

    /**
     * Whether it is a regular file.
     *
     * @return true if so
     */
    public boolean isFile() {
        return attributes != null && attributes.isRegularFile();
    }

    /**
     * Whether it is a folder.
     *
     * @return true if so
     */
    public boolean isFolder() {
        return attributes != null && attributes.isDirectory();
    }

    /**
     * Whether it is a symbolic link that was not followed.
     *
     * @return true if so
     */
    public boolean isLink() {
        return attributes != null && attributes.isSymbolicLink();
    }

    @Override
    public String toString() {
        return failure == null ? path.toString() : path + " (" + failure.getMessage() + ")";
    }
}
