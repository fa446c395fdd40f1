package io.weir.files;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * A temporary file beside the target, renamed over it when complete.
 *
 * <p>The order is what makes it safe: the content is forced to the device before the rename, or a crash could leave the new
 * name with no content; the folder after it, or a crash could bring the old content back after success was reported.
 */
final class AtomicTarget implements Target {
    private static final int MOST_LINKS = 40; // as Linux

    private final Path destination;
    private final Path folder;
    private final Path temporary;
    private final FileChannel channel;
    private final SyncPolicy sync;
    private final @Nullable PosixFileAttributes replaced;

    private AtomicTarget(
            Path destination,
            Path folder,
            Path temporary,
            FileChannel channel,
            SyncPolicy sync,
            @Nullable PosixFileAttributes replaced) {
        this.destination = destination;
        this.folder = folder;
        this.temporary = temporary;
        this.channel = channel;
        this.sync = sync;
        this.replaced = replaced;
    }

    static AtomicTarget open(Path path, WriteOptions options) throws IOException {
        Path destination = followLinks(path.toAbsolutePath());
        Path folder = destination.getParent();
        // A device, a pipe or a folder must not make way for a file.
        if (folder == null || (Files.exists(destination) && !Files.isRegularFile(destination))) {
            throw new FileSystemException(path.toString(), null, "not a regular file, which alone can be replaced");
        }
        if (options.parents()) {
            Target.createFolders(folder);
        }
        PosixFileAttributes replaced = posixAttributes(destination);
        // Not derived from the target's name, which may be as long as a name can be.
        String name = ".weir-" + Long.toHexString(ThreadLocalRandom.current().nextLong()) + ".tmp";
        Path temporary = folder.resolve(name);
        // What replaces a private file must not be readable while it grows either.
        FileAttribute<?>[] attributes = replaced == null
                ? new FileAttribute<?>[0]
                : new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
                };
        FileChannel channel = FileChannel.open(
                temporary, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), attributes);
        return new AtomicTarget(destination, folder, temporary, channel, options.sync(), replaced);
    }

    /** The file that a plain write to the path would write to: the last of a chain of links, which may not exist yet. */
    private static Path followLinks(Path path) throws IOException {
        Path at = path;
        for (int links = 0; Files.isSymbolicLink(at); links++) {
            if (links == MOST_LINKS) {
                throw new FileSystemLoopException(path.toString());
            }
            at = at.resolveSibling(Files.readSymbolicLink(at));
        }
        return at;
    }

    private static @Nullable PosixFileAttributes posixAttributes(Path path) throws IOException {
        PosixFileAttributeView view = Files.getFileAttributeView(path, PosixFileAttributeView.class);
        try {
            return view == null ? null : view.readAttributes();
        } catch (NoSuchFileException e) {
            return null;
        }
    }

    @Override
    public FileChannel channel() {
        return channel;
    }

    @Override
    public long unforcedAtMost() {
        return sync.interval();
    }

    @Override
    public void complete() throws IOException {
        if (replaced != null) {
            Target.takeOver(replaced, Files.getFileAttributeView(temporary, PosixFileAttributeView.class));
        }
        channel.force(true);
        channel.close();
    }

    @Override
    public void publish() throws IOException {
        Files.move(temporary, destination, StandardCopyOption.ATOMIC_MOVE);
        Target.forceFolder(folder);
    }

    @Override
    public void abort() throws IOException {
        try {
            channel.close();
        } finally {
            Files.deleteIfExists(temporary);
        }
    }
}
