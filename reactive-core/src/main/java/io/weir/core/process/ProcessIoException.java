package io.weir.core.process;

/** The rest: too many processes or open files, arguments that are too long, an input file that is missing. The cause is what the system said. */
public final class ProcessIoException extends ProcessException {
    private static final long serialVersionUID = 1L;

    ProcessIoException(Command command, String problem, Throwable cause) {
        super(command, problem + ": " + cause.getMessage(), cause);
    }
}
