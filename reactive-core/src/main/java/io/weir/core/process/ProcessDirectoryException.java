package io.weir.core.process;

import java.nio.file.Path;

/** The working directory is missing, or is no directory. */
public final class ProcessDirectoryException extends ProcessException {
    private static final long serialVersionUID = 1L;

    private final transient Path directory;

    ProcessDirectoryException(Command command, Path directory) {
        super(command, "its working directory " + directory + " is not there, or is no directory", null);
        this.directory = directory;
    }

    /**
     * Where it was to run.
     *
     * @return the directory, as it was given
     */
    public Path directory() {
        return directory;
    }
}
