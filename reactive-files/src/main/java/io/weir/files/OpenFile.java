package io.weir.files;

import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.nio.channels.FileChannel;
import org.jspecify.annotations.Nullable;

/**
 * A file that an engine holds open: the seam under {@link AsyncFile}. Calls may come from any thread and may overlap. Each is
 * answered once, on a thread of the engine, or at once where the engine refuses it; memory that was given belongs to the engine
 * until then. {@link #close} comes last, after every answer.
 */
interface OpenFile {
    /** Who waits for the end of a call. */
    interface Answer {
        /** The number asked for or of bytes, without meaning where neither is; or why there is none. */
        void answer(long result, @Nullable Throwable failure);
    }

    /** Reads until the buffer, which is direct, is full or the file ends; moves no index. */
    void read(ByteBuf into, long at, Answer answer);

    /** Writes all that can be read from the buffer; moves no index. */
    void write(ByteBuf from, long at, Answer answer);

    void size(Answer answer);

    /** Cuts the file, or extends it with zeros. */
    void truncate(long size, Answer answer);

    void force(boolean metadata, Answer answer);

    void allocate(long at, long length, Answer answer);

    /** Calls on a worker, with a channel of this file that is closed with it, not before: that would lift its locks. */
    void onChannel(OnChannel call, Answer answer);

    void close(Answer answer);

    /** A call to the system that blocks. */
    interface OnChannel {
        long call(FileChannel channel) throws IOException;
    }
}
