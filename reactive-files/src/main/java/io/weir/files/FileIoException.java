package io.weir.files;

import java.io.IOException;

/**
 * A failure that has no type of its own: a full disk, too many open files, a folder where a file was meant, a device's
 * error. {@link #getCause()} is what the system said.
 */
public final class FileIoException extends FileException {
    FileIoException(FileOperation operation, String problem, IOException cause) {
        super(operation, problem, cause);
    }
}
