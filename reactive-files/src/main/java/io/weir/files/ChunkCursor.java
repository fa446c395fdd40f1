package io.weir.files;

import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.util.ArrayDeque;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * A file as pooled buffers, which belong to whoever polls them.
 *
 * <p>As long as a reader has released a chunk when the next one is wanted, chunks are read one by one. One that has not is on
 * another thread, and to wake that costs as much as reading a chunk: it is then given several at a time, but no more than it
 * asked for, and none is waited for: only what the file is known to hold is read so.
 */
final class ChunkCursor implements Cursor<ByteBuf> {
    private final FileChannel channel;
    private final int chunkSize;
    private final ChunkMemory memory;
    private final Queue<ByteBuf> chunks = new ArrayDeque<>(2);
    private @Nullable ByteBuf last;
    private @Nullable IOException failure; // of a read behind chunks that are still to be polled
    private long position;
    private long size; // as it was seen last

    ChunkCursor(FileChannel channel, int chunkSize) {
        this.channel = channel;
        this.chunkSize = chunkSize;
        this.memory = new ChunkMemory(chunkSize);
    }

    @Override
    public @Nullable ByteBuf poll() {
        return chunks.poll();
    }

    @Override
    public boolean fill(long demand) throws IOException {
        if (failure != null) {
            throw failure;
        }
        long most = last != null && last.refCnt() > 1 ? Math.min(demand, memory.atOnce()) : 1;
        boolean more = read();
        try {
            while (more && chunks.size() < most && isKnownToBeThere()) {
                more = read();
            }
        } catch (IOException e) {
            failure = e;
        }
        return !chunks.isEmpty();
    }

    private boolean isKnownToBeThere() throws IOException {
        if (position + chunkSize > size) {
            size = channel.size();
        }
        return position + chunkSize <= size;
    }

    private boolean read() throws IOException {
        ByteBuf buffer = memory.take();
        // Not ByteBuf.writeBytes(channel): that takes a closed channel for the end of the file.
        int read = channel.read(buffer.internalNioBuffer(0, chunkSize));
        if (read > 0) {
            position += read;
            last = buffer;
            chunks.add(buffer.retainedDuplicate().setIndex(0, read));
        }
        return read > 0;
    }

    /** A chunk that was read and not polled has never left this class: it is released here, and no discard hook sees it. */
    @Override
    public void close() throws IOException {
        for (ByteBuf left = poll(); left != null; left = poll()) {
            left.release();
        }
        last = null;
        memory.close();
        channel.close();
    }
}
