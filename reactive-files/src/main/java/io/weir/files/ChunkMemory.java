package io.weir.files;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import org.jspecify.annotations.Nullable;

/**
 * The memory that a file's chunks are read into. What a reader has released is used again before there is any new, since it
 * is still in the processor's cache and what the allocator deals out is not: a reader on the same thread gets one memory again
 * and again, one on another thread a few in turn.
 *
 * <p>Used by one thread at a time. A memory is free when nobody but this class holds it.
 */
final class ChunkMemory implements AutoCloseable {
    private static final int MOST_BYTES = 2 << 20;
    private static final int MOST = 16;

    private final int size;
    private final @Nullable ByteBuf[] kept;
    private int oldest;

    ChunkMemory(int size) {
        this.size = size;
        this.kept = new ByteBuf[Math.max(1, Math.min(MOST, MOST_BYTES / size))];
    }

    /** How many should be filled before they are passed on: another as many are then still being used. */
    int atOnce() {
        return Math.max(1, kept.length / 2);
    }

    /** One that is free, which stays this class's: who passes it on retains it. */
    ByteBuf take() {
        for (int i = 0; i < kept.length; i++) {
            ByteBuf memory = kept[i];
            if (memory != null && memory.refCnt() <= 1) {
                if (memory.refCnt() == 1) {
                    return memory;
                }
                kept[i] = null; // first: who released too often is told by the release, once
                memory.release();
            }
        }
        ByteBuf memory = ByteBufAllocator.DEFAULT.directBuffer(size, size);
        ByteBuf replaced = kept[oldest];
        kept[oldest] = memory;
        oldest = (oldest + 1) % kept.length;
        if (replaced != null) {
            replaced.release();
        }
        return memory;
    }

    /** What readers still hold stays theirs. Who released a chunk twice has freed its memory too. */
    @Override
    public void close() {
        for (int i = 0; i < kept.length; i++) {
            ByteBuf memory = kept[i];
            kept[i] = null;
            if (memory != null && memory.refCnt() > 0) {
                memory.release();
            }
        }
    }
}
