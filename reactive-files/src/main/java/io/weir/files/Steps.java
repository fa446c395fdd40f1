package io.weir.files;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Work with one result, done in steps that are short against a turn, so that a cancel and other files need not wait for the
 * whole. {@link #close} comes at the end in any case, and undoes what is not to stay.
 */
abstract class Steps<R> implements Cursor<R> {
    private @Nullable R result;
    private boolean ended;

    /** Does a step. True: there is more to do. */
    abstract boolean step() throws IOException;

    /** Asked once, after the last step. */
    abstract @Nullable R result();

    @Override
    public final @Nullable R poll() {
        R polled = result;
        result = null;
        return polled;
    }

    @Override
    public final boolean fill(long demand) throws IOException {
        if (ended) {
            return false;
        }
        if (!step()) {
            ended = true;
            result = result();
        }
        return true;
    }
}
