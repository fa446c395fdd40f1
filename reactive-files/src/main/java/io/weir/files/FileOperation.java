package io.weir.files;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.NotLinkException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * What is being done to which file: all that an error has to say, carried to wherever one may arise.
 *
 * @param target where it goes, for what has two paths
 */
record FileOperation(String name, Path path, @Nullable Path target) {

    FileOperation(String name, Path path) {
        this(name, path, null);
    }

    /** The same, being done to a file somewhere in the tree. */
    FileOperation at(Path entry) {
        return new FileOperation(name, entry, target);
    }

    /** How a task that waits for it says so. */
    String taskName() {
        return "file " + name + " " + path;
    }

    /** What the subscriber gets to see for a failure of the system. */
    FileException failure(IOException e) {
        if (e instanceof NoSuchFileException) {
            return new PathNotFoundException(this, e);
        }
        if (e instanceof FileAlreadyExistsException) {
            return new FileExistsException(this, e);
        }
        if (e instanceof AccessDeniedException) {
            return new FileAccessException(this, e);
        }
        return new FileIoException(this, reason(e), e);
    }

    /**
     * What the subscriber gets to see, whatever it is. Without memory, or descriptors to load a class with, not even that can be
     * made: then the reason for it is told, so that nobody waits for ever.
     */
    Throwable told(Throwable t) {
        if (!(t instanceof IOException e)) {
            return t;
        }
        try {
            return failure(e);
        } catch (Throwable worse) {
            return worse;
        }
    }

    String paths() {
        return target == null ? path.toString() : path + " to " + target;
    }

    @Override
    public String toString() {
        return name + "(" + (target == null ? path : path + ", " + target) + ")";
    }

    private String reason(IOException e) {
        if (e instanceof FileSystemException fse) {
            String told = told(fse);
            if (told != null) {
                return told;
            }
        }
        // Opening a folder for reading works on Linux, and what the read then says differs between file systems.
        if (!(e instanceof Errno.Refusal) && Files.isDirectory(path)) {
            return "is a directory";
        }
        String reason = e instanceof FileSystemException fse ? fse.getReason() : e.getMessage();
        return reason != null ? reason : e.getClass().getSimpleName();
    }

    /** What needs no look at the file, which may be a folder with good reason. */
    private static @Nullable String told(FileSystemException e) {
        if (e instanceof DirectoryNotEmptyException) {
            return "the folder is not empty";
        }
        if (e instanceof NotDirectoryException) {
            return "not a folder";
        }
        if (e instanceof NotLinkException) {
            return "not a symbolic link";
        }
        if (e instanceof FileSystemLoopException) {
            return "a symbolic link leads back to a folder on the way";
        }
        String reason = e.getReason();
        return "Is a directory".equals(reason) ? null : reason;
    }
}
