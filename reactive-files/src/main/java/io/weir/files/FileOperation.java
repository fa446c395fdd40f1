package io.weir.files;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** What is being done to which file: all that an error has to say, carried to wherever one may arise. */
record FileOperation(String name, Path path) {

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

    @Override
    public String toString() {
        return name + "(" + path + ")";
    }

    private String reason(IOException e) {
        // Opening a folder for reading works on Linux, and what the read then says differs between file systems.
        if (!(e instanceof Errno.Refusal) && Files.isDirectory(path)) {
            return "is a directory";
        }
        String reason = e instanceof FileSystemException fse ? fse.getReason() : e.getMessage();
        return reason != null ? reason : e.getClass().getSimpleName();
    }
}
