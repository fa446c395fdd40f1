package io.weir.core.process;

/** The process wrote more than {@code run} keeps in memory, and has been ended. */
public final class ProcessOutputLimitException extends ProcessException {
    private static final long serialVersionUID = 1L;

    /** Which of the two. */
    private final String stream;

    /** In bytes. */
    private final int limit;

    ProcessOutputLimitException(Command command, String stream, int limit) {
        super(command, stream + " is over the limit of " + Command.OUTPUT_LIMIT + ", " + limit + " bytes", null);
        this.stream = stream;
        this.limit = limit;
    }

    /**
     * Which stream it was.
     *
     * @return {@code "stdout"} or {@code "stderr"}
     */
    public String stream() {
        return stream;
    }

    /**
     * How much each stream may have.
     *
     * @return the limit in bytes
     */
    public int limit() {
        return limit;
    }

    /**
     * The setting of {@link Command} that is the limit.
     *
     * @return {@code "outputLimit"}
     */
    public String setting() {
        return Command.OUTPUT_LIMIT;
    }
}
