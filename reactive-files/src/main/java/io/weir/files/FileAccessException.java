package io.weir.files;

import java.io.IOException;

/** The permissions of the file, or of a folder on the way to it, forbid the operation. */
public final class FileAccessException extends FileException {
    FileAccessException(FileOperation operation, IOException cause) {
        super(operation, "permission denied", cause);
    }
}
