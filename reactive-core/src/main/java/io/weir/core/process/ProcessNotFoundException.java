package io.weir.core.process;

/** There is no such program, on the path or at the place that was given; or a script names an interpreter that is missing. */
public final class ProcessNotFoundException extends ProcessException {
    private static final long serialVersionUID = 1L;

    ProcessNotFoundException(Command command, Throwable cause) {
        super(command, "there is no such program, or what it needs to be run is missing", cause);
    }
}
