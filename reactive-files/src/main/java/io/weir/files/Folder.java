package io.weir.files;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Iterator;
import org.jspecify.annotations.Nullable;

/**
 * An open folder. What is done through it is done to the entries of this folder, wherever its path leads by now, if the
 * platform can: {@link OpenFolder}. Elsewhere, {@link NamedFolder}, it is done by path.
 */
abstract class Folder implements Closeable {
    private final DirectoryStream<Path> stream;
    private @Nullable Iterator<Path> names;

    Folder(DirectoryStream<Path> stream) {
        this.stream = stream;
    }

    /** Opens a folder that is trusted not to be, or is meant to be, a link. */
    @SuppressWarnings("StreamResourceLeak") // it is the folder's, and closed with it
    static Folder open(Path path) throws IOException {
        DirectoryStream<Path> stream = Files.newDirectoryStream(path);
        return stream instanceof SecureDirectoryStream<Path> secure
                ? new OpenFolder(secure)
                : new NamedFolder(stream, path);
    }

    /** The next name, in no order, or null after the last. */
    final @Nullable Path next() throws IOException {
        Iterator<Path> from = names;
        if (from == null) {
            from = stream.iterator();
            names = from;
        }
        try {
            return from.hasNext() ? from.next().getFileName() : null;
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
    }

    /** Of the folder itself. */
    abstract BasicFileAttributes attributes() throws IOException;

    abstract BasicFileAttributes attributes(Path name, boolean followingLinks) throws IOException;

    abstract Folder open(Path name, boolean followingLinks) throws IOException;

    /** The folder this one is in, given where that was found. */
    abstract Folder openParent(Path path) throws IOException;

    abstract void delete(Path name, boolean folder) throws IOException;

    @Override
    public final void close() throws IOException {
        stream.close();
    }
}
