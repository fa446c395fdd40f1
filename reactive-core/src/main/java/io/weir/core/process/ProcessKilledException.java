package io.weir.core.process;

/** A signal ended the process, or so its exit status says: see {@link ExitStatus}. */
public final class ProcessKilledException extends ProcessExitException {
    private static final long serialVersionUID = 1L;

    ProcessKilledException(Command command, ExitStatus status, String stderrTail) {
        super(command, "it was killed by a signal, " + status, status, stderrTail);
    }

    /**
     * The signal.
     *
     * @return its name, such as {@code SIGKILL}
     */
    public String signal() {
        return status().signal().orElseThrow();
    }
}
