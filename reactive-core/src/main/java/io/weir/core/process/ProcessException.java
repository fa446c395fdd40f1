package io.weir.core.process;

import org.jspecify.annotations.Nullable;

/**
 * A process that could not be started, or that did not do what was asked. The whole tree is shown in the description of this package.
 *
 * <p>A message names the program and tells how many arguments it had: what they are may be secret, and is told by {@link #command()} only.
 */
public abstract sealed class ProcessException extends RuntimeException
        permits ProcessNotFoundException,
                ProcessAccessException,
                ProcessDirectoryException,
                ProcessIoException,
                ProcessOutputLimitException,
                ProcessLineTooLongException,
                ProcessExitException {
    private static final long serialVersionUID = 1L;

    private final transient Command command;

    ProcessException(Command command, String problem, @Nullable Throwable cause) {
        super(command + ": " + problem, cause);
        this.command = command;
    }

    /**
     * What was run, arguments and environment included.
     *
     * @return the command
     */
    public Command command() {
        return command;
    }
}
