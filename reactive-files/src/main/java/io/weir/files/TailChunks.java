package io.weir.files;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** What a file grows by, as pooled buffers, which belong to whoever polls them. */
final class TailChunks implements Cursor<ByteBuf> {
    private final TailedFile file;
    private final int chunkSize;
    private @Nullable ByteBuf chunk;

    TailChunks(TailedFile file, int chunkSize) {
        this.file = file;
        this.chunkSize = chunkSize;
    }

    @Override
    public @Nullable ByteBuf poll() {
        ByteBuf polled = chunk;
        chunk = null;
        return polled;
    }

    @Override
    public boolean fill(long demand) throws IOException {
        switch (file.look()) {
            case MORE -> read();
            case BREAK -> {}
            case NOTHING -> {
                return false;
            }
        }
        return true;
    }

    private void read() throws IOException {
        ByteBuf buffer = ByteBufAllocator.DEFAULT.directBuffer(chunkSize, chunkSize);
        try {
            int read = file.read(buffer.internalNioBuffer(0, chunkSize));
            if (read > 0) {
                chunk = buffer.setIndex(0, read).retain();
            }
        } finally {
            buffer.release();
        }
    }

    @Override
    public boolean isOver() {
        return false;
    }

    @Override
    public void close() throws IOException {
        ByteBuf left = poll();
        if (left != null) {
            left.release();
        }
        file.close();
    }
}
