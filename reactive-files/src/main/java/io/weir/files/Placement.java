package io.weir.files;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.util.Objects;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/** How what has been made under a temporary name gets its own, and with which attributes. */
final class Placement {
    private Placement() {}

    /** A name beside {@code target}, not derived from it, since that may be as long as a name can be. */
    static Path temporaryBeside(Path target) throws IOException {
        Path folder = target.toAbsolutePath().getParent();
        if (folder == null) {
            throw new FileAlreadyExistsException(target.toString());
        }
        return folder.resolve(temporaryName());
    }

    static String temporaryName() {
        return ".weir-" + Long.toHexString(ThreadLocalRandom.current().nextLong()) + ".tmp";
    }

    /** Renames over whatever file or link is there. */
    static void replace(Path from, Path to) throws IOException {
        Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
    }

    /**
     * Renames, unless something has the new name. A rename alone would replace what came there after a look; a second link
     * does not. Folders cannot have one, and some file systems and policies know none: there the look must do.
     */
    static void renameIfAbsent(Path from, Path to, boolean folder) throws IOException {
        if (!folder && linked(from, to)) {
            try {
                Files.deleteIfExists(from);
            } catch (IOException e) {
                Files.deleteIfExists(to); // the move did not happen
                throw e;
            }
            return;
        }
        if (Files.exists(to, LinkOption.NOFOLLOW_LINKS)) {
            throw new FileAlreadyExistsException(to.toString());
        }
        Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
    }

    private static boolean linked(Path from, Path to) throws IOException {
        try {
            Files.createLink(to, from);
            return true;
        } catch (FileAlreadyExistsException | NoSuchFileException e) {
            throw e;
        } catch (FileSystemException | UnsupportedOperationException e) {
            return false;
        }
    }

    static void forceFolder(Path folder) throws IOException {
        FileChannel entries;
        try {
            entries = FileChannel.open(folder, StandardOpenOption.READ);
        } catch (AccessDeniedException e) {
            return; // not every platform, nor every folder, lets itself be opened
        }
        try (entries) {
            entries.force(true);
        }
    }

    /** With owner, group and permissions where the file system has them. */
    static BasicFileAttributes attributes(Path path, LinkOption... options) throws IOException {
        PosixFileAttributeView view = Files.getFileAttributeView(path, PosixFileAttributeView.class, options);
        return view != null ? view.readAttributes() : Files.readAttributes(path, BasicFileAttributes.class, options);
    }

    /** Of the file or link itself, or null where nothing has that name. */
    static @Nullable BasicFileAttributes attributesIfAny(Path path) throws IOException {
        try {
            return attributes(path, LinkOption.NOFOLLOW_LINKS);
        } catch (NoSuchFileException e) {
            return null;
        }
    }

    /** Where the system has no keys of files, none is the same. */
    static boolean isSame(BasicFileAttributes one, BasicFileAttributes other) {
        return one.fileKey() != null && Objects.equals(one.fileKey(), other.fileKey());
    }

    /** Passes attributes on to a file or folder that is nobody else's yet. */
    static void takeOver(BasicFileAttributes old, Path fresh) throws IOException {
        PosixFileAttributeView posix = Files.getFileAttributeView(fresh, PosixFileAttributeView.class);
        if (posix != null && old instanceof PosixFileAttributes from) {
            Target.takeOver(from, posix);
        }
        BasicFileAttributeView basic = Files.getFileAttributeView(fresh, BasicFileAttributeView.class);
        basic.setTimes(old.lastModifiedTime(), old.lastAccessTime(), null);
    }
}
