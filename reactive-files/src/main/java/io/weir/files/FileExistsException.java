package io.weir.files;

import java.io.IOException;

/** The file was to be created, and is there already. */
public final class FileExistsException extends FileException {
    FileExistsException(FileOperation operation, IOException cause) {
        super(operation, "exists already", cause);
    }
}
