package io.weir.files;

/** An operation on an {@link AsyncFile} that has been closed, or whose scope has ended. */
public final class FileClosedException extends FileException {
    FileClosedException(FileOperation operation) {
        super(operation, "the file has been closed", null);
    }
}
