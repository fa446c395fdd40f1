package io.weir.files;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.WatchKey;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A file or folder as it was when last looked at. A folder that is watched knows what it holds. */
final class WatchedEntry {

    /** What tells one file from another, and its content from what it was. */
    record Stamp(@Nullable Object file, boolean isFolder, long size, FileTime modified) {

        static Stamp of(Path path, LinkOption... options) throws IOException {
            BasicFileAttributes attributes = Files.readAttributes(path, BasicFileAttributes.class, options);
            return new Stamp(
                    attributes.fileKey(), attributes.isDirectory(), attributes.size(), attributes.lastModifiedTime());
        }

        /** Null for what is not there. */
        static @Nullable Stamp ofAny(Path path, LinkOption... options) throws IOException {
            try {
                return of(path, options);
            } catch (FileSystemException e) {
                Path folder = path.getParent();
                if (e instanceof NoSuchFileException || (folder != null && !Files.isDirectory(folder))) {
                    return null;
                }
                throw e;
            }
        }

        boolean isSameFile(Stamp other) {
            return isFolder == other.isFolder && (file == null || file.equals(other.file));
        }
    }

    private @Nullable WatchedEntry parent;
    private Path name; // of the root, its path
    private @Nullable WatchKey key;
    private final Map<Path, WatchedEntry> children = new HashMap<>();
    Stamp stamp;
    boolean gone; // its name stands for something else or for nothing; it may turn up elsewhere

    WatchedEntry(@Nullable WatchedEntry parent, Path name, Stamp stamp) {
        this.parent = parent;
        this.name = name;
        this.stamp = stamp;
    }

    Path path() {
        return parent == null ? name : parent.path().resolve(name);
    }

    Path name() {
        return name;
    }

    @Nullable
    WatchedEntry parent() {
        return parent;
    }

    int depth() {
        return parent == null ? 0 : parent.depth() + 1;
    }

    /** Whether it, or a folder on the way to it, is gone. */
    boolean isLost() {
        return gone || (parent != null && parent.isLost());
    }

    @Nullable
    WatchedEntry child(Path child) {
        return children.get(child);
    }

    Collection<WatchedEntry> children() {
        return children.values();
    }

    void put(Path child, WatchedEntry entry) {
        entry.parent = this;
        entry.name = child;
        entry.gone = false;
        children.put(child, entry);
    }

    void remove(Path child) {
        WatchedEntry removed = children.remove(child);
        if (removed != null) {
            removed.gone = true;
        }
    }

    @Nullable
    WatchKey key() {
        return key;
    }

    void watchedBy(@Nullable WatchKey by) {
        key = by;
    }

    /** The system ends the watch of a folder that is deleted, also where another gets its number. */
    boolean isDeleted() {
        return key != null && !key.isValid();
    }

    /**
     * Whether it is what was found under another name. Numbers of deleted files are soon given to new ones, so the number alone
     * says little; a folder's watch goes with the folder.
     */
    boolean isMovedTo(Stamp now) {
        if (stamp.file() == null || !stamp.isSameFile(now)) {
            return false;
        }
        return key != null ? key.isValid() : stamp.equals(now);
    }
}
