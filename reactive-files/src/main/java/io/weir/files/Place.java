package io.weir.files;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import org.jspecify.annotations.Nullable;

/**
 * Where a tree begins: a name in an open folder, so that what the name leads to is one thing from the first look on.
 *
 * @param name null for the folder itself, which is then the root of a file system or of a {@link FileRoot}
 * @param path as it is told
 */
record Place(Folder folder, @Nullable Path name, Path path) implements Closeable {

    /** Finds a place. */
    interface Opener {
        Place open() throws IOException;
    }

    static Place of(Path path) throws IOException {
        Path absolute = path.toAbsolutePath();
        Path parent = absolute.getParent();
        if (parent == null) {
            return new Place(Folder.open(absolute), null, path);
        }
        return new Place(Folder.open(parent), absolute.getFileName(), path);
    }

    BasicFileAttributes attributes(boolean followingLinks) throws IOException {
        return attributes(folder, nameOrDot(), followingLinks);
    }

    /** To be called for a folder, and once. */
    Folder openFolder(boolean followingLinks) throws IOException {
        return folder.open(nameOrDot(), followingLinks);
    }

    private Path nameOrDot() {
        return name != null ? name : path.getFileSystem().getPath(".");
    }

    /** Attributes of an entry, following links except to nowhere. */
    static BasicFileAttributes attributes(Folder folder, Path name, boolean followingLinks) throws IOException {
        if (followingLinks) {
            try {
                return folder.attributes(name, true);
            } catch (NoSuchFileException e) {
                // a link to nothing, or nothing any more
            }
        }
        return folder.attributes(name, false);
    }

    @Override
    public void close() throws IOException {
        folder.close();
    }
}
