package io.weir.files;

import java.io.Closeable;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** A file being read for one subscriber: elements are polled, and the file is read when none is left. One thread at a time. */
interface Cursor<T> extends Closeable {

    /** The next element of what has been read, or null when more must be read. */
    @Nullable
    T poll();

    /**
     * Reads once, or notices the end. False: that was all, {@link #poll()} has nothing more to give.
     *
     * @param demand how many elements are wanted at least: no more should be read than those need
     */
    boolean fill(long demand) throws IOException;

    /** Whether there will never be more, asked after {@link #fill} found none: else it is asked again after a while. */
    default boolean isOver() {
        return true;
    }

    /** Closes the file and frees what was read and not polled. */
    @Override
    void close() throws IOException;

    /** Opens the file, on a worker. */
    interface Opener<T> {
        Cursor<T> open() throws IOException;
    }
}
