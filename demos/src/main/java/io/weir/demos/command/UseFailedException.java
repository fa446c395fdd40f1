package io.weir.demos.command;

/** A use did not do what it was to do. Its message is all there is to say. */
public final class UseFailedException extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** @param problem told as it is, in one line */
    public UseFailedException(String problem) {
        super(problem);
    }
}
