package io.weir.files;

import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A file operation that failed. The whole tree is shown in the description of this package. */
public abstract sealed class FileException extends RuntimeException
        permits PathNotFoundException,
                FileExistsException,
                FileAccessException,
                FileClosedException,
                FileTooLargeException,
                LineTooLongException,
                MalformedTextException,
                AppendLogException,
                FileIoException {
    private final transient Path path;

    private final transient @Nullable Path target;

    /** The name of the method. */
    private final String operation;

    FileException(FileOperation operation, String problem, @Nullable Throwable cause) {
        super(operation.name() + " " + operation.paths() + ": " + problem, cause);
        this.path = operation.path();
        this.target = operation.target();
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
     * Where it was to go, for an operation with two paths: {@code copy}, {@code move}, the links.
     *
     * @return the second path, as it was given, or empty
     */
    public Optional<Path> target() {
        return Optional.ofNullable(target);
    }

    /**
     * What was being done: the name of the method of {@link AsyncFiles} or {@link AsyncFile}.
     *
     * @return the operation, for example {@code "readString"}
     */
    public String operation() {
        return operation;
    }
}
