package io.weir.core.process;

/** The program is there and may not be run, because it is not executable or the permissions forbid it. */
public final class ProcessAccessException extends ProcessException {
    private static final long serialVersionUID = 1L;

    ProcessAccessException(Command command, Throwable cause) {
        super(command, "it is not executable, or may not be run by this user", cause);
    }
}
