package io.weir.files;

import java.io.IOException;

/** The file, or a folder on the way to it, does not exist. */
public final class PathNotFoundException extends FileException {
    PathNotFoundException(FileOperation operation, IOException cause) {
        super(operation, "no such file or directory", cause);
    }
}
