package io.weir.files;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.io.IOException;
import java.nio.channels.FileChannel;
import org.jspecify.annotations.Nullable;

/** A file as pooled buffers, which belong to whoever polls them. */
final class ChunkCursor implements Cursor<ByteBuf> {
    private final FileChannel channel;
    private final int chunkSize;
    private @Nullable ByteBuf memory;
    private @Nullable ByteBuf chunk;

    ChunkCursor(FileChannel channel, int chunkSize) {
        this.channel = channel;
        this.chunkSize = chunkSize;
    }

    @Override
    public @Nullable ByteBuf poll() {
        ByteBuf polled = chunk;
        chunk = null;
        return polled;
    }

    @Override
    public boolean fill() throws IOException {
        ByteBuf buffer = memory();
        // Not ByteBuf.writeBytes(channel): that takes a closed channel for the end of the file.
        int read = channel.read(buffer.internalNioBuffer(0, chunkSize));
        if (read > 0) {
            chunk = buffer.retainedDuplicate().setIndex(0, read);
        }
        return read > 0;
    }

    /** What was used last, if whoever polled it has released it: it is still in the processor's cache, and no other would be. */
    private ByteBuf memory() {
        ByteBuf last = memory;
        if (last != null && last.refCnt() == 1) {
            return last;
        }
        if (last != null) {
            memory = null; // first: who released too often is told by the release, once
            last.release();
        }
        ByteBuf other = ByteBufAllocator.DEFAULT.directBuffer(chunkSize, chunkSize);
        memory = other;
        return other;
    }

    /**
     * A chunk that was read and not polled has never left this class: it is released here, and no discard hook sees it. Who
     * polled one and released it twice has freed the memory too.
     */
    @Override
    public void close() throws IOException {
        ByteBuf left = poll();
        if (left != null) {
            left.release();
        }
        if (memory != null && memory.refCnt() > 0) {
            memory.release();
        }
        memory = null;
        channel.close();
    }
}
