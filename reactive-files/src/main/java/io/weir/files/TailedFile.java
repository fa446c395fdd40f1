package io.weir.files;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import org.jspecify.annotations.Nullable;

/**
 * A file that grows, under a name that may come to stand for another. Where nothing more is to be read, one that is shorter
 * than what was read was emptied; a name that stands for another file was rotated, and the old one, which is still open, is
 * looked at once more before the new one is begun, since it may have grown between the two looks.
 */
final class TailedFile implements Closeable {

    /** What a look found. */
    enum Found {
        /** Something to read. */
        MORE,
        /** What was read so far is not continued: the next look begins a file anew. */
        BREAK,
        /** Nothing now. */
        NOTHING
    }

    private final Path path;
    private @Nullable FileChannel channel;
    private @Nullable Object identity;
    private long position;
    private boolean rotated; // the open file is not the one of that name any more

    private TailedFile(Path path) {
        this.path = path;
    }

    static TailedFile open(Path path, TailOptions options) throws IOException {
        TailedFile file = new TailedFile(path);
        try {
            FileChannel opened = file.begin();
            if (!options.isFromBeginning()) {
                file.position = opened.size();
            }
        } catch (NoSuchFileException e) {
            if (!options.isWaiting()) {
                throw e;
            }
        } catch (IOException | RuntimeException | Error e) {
            file.close();
            throw e;
        }
        return file;
    }

    /** In the open file, of what is read next. */
    long position() {
        return position;
    }

    Found look() throws IOException {
        FileChannel from = channel;
        if (from == null) {
            try {
                from = begin();
            } catch (NoSuchFileException e) {
                return Found.NOTHING;
            }
        }
        long size = from.size();
        if (size > position) {
            return Found.MORE;
        }
        if (size < position) {
            position = 0;
            return Found.BREAK;
        }
        if (!rotated) {
            rotated = isRotated();
            return rotated ? look() : Found.NOTHING;
        }
        channel = null;
        position = 0;
        from.close();
        return Found.BREAK;
    }

    /** Reads what a look has found; 0 if it is gone again. */
    int read(ByteBuffer into) throws IOException {
        FileChannel from = channel;
        int read = from == null ? 0 : Math.max(0, from.read(into, position));
        position += read;
        return read;
    }

    /** Opens what has the name. If that was another file a moment later, nobody knows which of the two was opened. */
    private FileChannel begin() throws IOException {
        while (true) {
            BasicFileAttributes before = attributes();
            // Opening a pipe would keep the worker until somebody writes to it, and a folder has no end that moves.
            FileCopy.requireFile(path, before);
            FileChannel opened = FileChannel.open(path, StandardOpenOption.READ);
            try {
                if (identity(before).equals(identity(attributes()))) {
                    identity = identity(before);
                    channel = opened;
                    position = 0;
                    rotated = false;
                    return opened;
                }
            } catch (IOException | RuntimeException | Error e) {
                opened.close();
                throw e;
            }
            opened.close();
        }
    }

    private boolean isRotated() throws IOException {
        try {
            return !identity(attributes()).equals(identity);
        } catch (NoSuchFileException e) {
            return false; // the old one may grow until the new one is there
        }
    }

    private BasicFileAttributes attributes() throws IOException {
        return Files.readAttributes(path, BasicFileAttributes.class);
    }

    private static Object identity(BasicFileAttributes attributes) {
        Object key = attributes.fileKey();
        return key != null ? key : attributes.creationTime();
    }

    @Override
    public void close() throws IOException {
        FileChannel open = channel;
        channel = null;
        if (open != null) {
            open.close();
        }
    }
}
