package io.weir.files;

import java.io.IOException;

/**
 * The permissions of the file, or of a folder on the way to it, forbid the operation; or the path leaves its
 * {@link FileRoot}.
 */
public final class FileAccessException extends FileException {
    FileAccessException(FileOperation operation, IOException cause) {
        super(operation, "permission denied", cause);
    }

    FileAccessException(FileOperation operation, String problem) {
        super(operation, problem, null);
    }
}
