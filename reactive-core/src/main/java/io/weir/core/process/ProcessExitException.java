package io.weir.core.process;

/** The process ended with something else than 0. */
public sealed class ProcessExitException extends ProcessException permits ProcessKilledException {
    private static final long serialVersionUID = 1L;

    private final transient ExitStatus status;

    /** The last of what it wrote there. */
    private final String stderrTail;

    ProcessExitException(Command command, String problem, ExitStatus status, String stderrTail) {
        super(command, problem + (stderrTail.isBlank() ? "" : ": " + stderrTail.strip()), null);
        this.status = status;
        this.stderrTail = stderrTail;
    }

    static ProcessExitException of(Command command, ExitStatus status, String stderrTail) {
        return status.signal().isPresent()
                ? new ProcessKilledException(command, status, stderrTail)
                : new ProcessExitException(command, "it exited with " + status, status, stderrTail);
    }

    /**
     * How it ended.
     *
     * @return the status, not a success
     */
    public ExitStatus status() {
        return status;
    }

    /**
     * The last of what it wrote to stderr, which stands in the message too.
     *
     * @return at most 2 KiB of it as text; empty where stderr was not captured
     */
    public String stderrTail() {
        return stderrTail;
    }
}
