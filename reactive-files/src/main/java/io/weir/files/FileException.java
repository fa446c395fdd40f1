package io.weir.files;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** A file operation that failed. The whole tree is shown in the description of this package. */
public abstract sealed class FileException extends RuntimeException
        permits PathNotFoundException,
                FileExistsException,
                FileAccessException,
                FileTooLargeException,
                LineTooLongException,
                MalformedTextException,
                AppendLogException,
                FileIoException {
    private final transient Path path;

    /** The name of the method. */
    private final String operation;

    FileException(FileOperation operation, String problem, @Nullable Throwable cause) {
        super(operation.name() + " " + operation.path() + ": " + problem, cause);
        this.path = operation.path();
        this.operation = operation.name();
    }

    /**
     * The file, as it was given to the operation.
     *
     * @return the path
     */
    public Path path() {
        return path;
    }

    /**
     * What was being done: the name of the method of {@link AsyncFiles}.
     *
     * @return the operation, for example {@code "readString"}
     */
    public String operation() {
        return operation;
    }
}
