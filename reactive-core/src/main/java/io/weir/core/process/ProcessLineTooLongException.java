package io.weir.core.process;

/** A line is longer than allowed. The lines before it have been emitted. */
public final class ProcessLineTooLongException extends ProcessException {
    private static final long serialVersionUID = 1L;

    /** Which of the two. */
    private final String stream;

    /** In chars. */
    private final int limit;

    ProcessLineTooLongException(Command command, String stream, int limit) {
        super(command, "a line of " + stream + " is longer than " + Command.MAX_LINE_LENGTH + ", " + limit, null);
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
     * The longest line allowed, its ending not counted.
     *
     * @return the limit in chars
     */
    public int limit() {
        return limit;
    }

    /**
     * The setting of {@link Command} that is the limit.
     *
     * @return {@code "maxLineLength"}
     */
    public String setting() {
        return Command.MAX_LINE_LENGTH;
    }
}
