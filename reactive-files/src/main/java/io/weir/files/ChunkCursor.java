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
        ByteBuf buffer = ByteBufAllocator.DEFAULT.directBuffer(chunkSize, chunkSize);
        int read = -1;
        try {
            // Not ByteBuf.writeBytes(channel): that takes a closed channel for the end of the file.
            read = channel.read(buffer.internalNioBuffer(0, chunkSize));
        } finally {
            if (read > 0) {
                chunk = buffer.writerIndex(read);
            } else {
                buffer.release();
            }
        }
        return read > 0;
    }

    /** A chunk that was read and not polled has never left this class: it is released here, and no discard hook sees it. */
    @Override
    public void close() throws IOException {
        ByteBuf left = poll();
        if (left != null) {
            left.release();
        }
        channel.close();
    }
}
