package io.weir.files;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.GatheringByteChannel;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import reactor.util.context.Context;

/**
 * Buffers, written with one gathering write. Small ones are copied one behind the other, since a part of a gathering write costs
 * more than the copying of a few bytes; large ones are written from where they are.
 *
 * <p>A buffer that reaches this class is owned by it: it is released here and seen by no discard hook, since a hook that
 * releases would do it twice, and without a hook nobody would.
 */
final class BufferBatch implements Batch<ByteBuf> {
    // The JDK copies what is on the heap into direct memory of the thread, as much as is written at once, and keeps it.
    private static final int BYTES_PER_WRITE = 1 << 20;
    // What one system call takes; the JDK passes no more.
    private static final int MOST_PARTS = 1024;
    private static final int COPIED_DIRECT = 2 << 10;
    // The JDK would copy it anyway, each into memory of its own.
    private static final int COPIED_HEAP = 64 << 10;
    private static final int COPIES = 256 << 10;

    private final List<ByteBuf> held = new ArrayList<>();
    private final List<ByteBuffer> parts = new ArrayList<>();
    private int written; // parts before this one are
    private long bytes; // in all parts held
    private @Nullable ByteBuf copies;
    private boolean lastPartIsCopied;

    @Override
    public boolean add(ByteBuf buffer) {
        int size = buffer.readableBytes();
        boolean held = false;
        try {
            if (isCopied(buffer, size)) {
                copy(buffer, size);
            } else {
                ByteBuffer[] views = buffer.nioBuffers();
                held = size > 0;
                if (held) {
                    addViews(buffer, views);
                }
            }
        } finally {
            if (!held) {
                release(buffer);
            }
        }
        return !held;
    }

    private boolean isCopied(ByteBuf buffer, int size) {
        return size > 0
                && size <= (buffer.isDirect() ? COPIED_DIRECT : COPIED_HEAP)
                && (copies == null || size <= copies.writableBytes());
    }

    private void copy(ByteBuf buffer, int size) {
        ByteBuf to = copies;
        if (to == null) {
            to = copies = ByteBufAllocator.DEFAULT.directBuffer(COPIES, COPIES);
        }
        int at = to.writerIndex();
        to.writeBytes(buffer);
        if (lastPartIsCopied) {
            ByteBuffer last = parts.get(parts.size() - 1);
            last.limit(last.limit() + size);
        } else {
            parts.add(to.nioBuffer(at, COPIES - at).limit(size));
            lastPartIsCopied = true;
        }
        bytes += size;
    }

    private void addViews(ByteBuf buffer, ByteBuffer[] views) {
        held.add(buffer);
        lastPartIsCopied = false;
        for (ByteBuffer view : views) {
            addParts(view);
        }
    }

    private void addParts(ByteBuffer view) {
        bytes += view.remaining();
        while (view.remaining() > BYTES_PER_WRITE) {
            parts.add(view.slice(view.position(), BYTES_PER_WRITE));
            view.position(view.position() + BYTES_PER_WRITE);
        }
        if (view.hasRemaining()) {
            parts.add(view);
        }
    }

    @Override
    public void end() {}

    @Override
    public boolean isFull() {
        return bytes >= BYTES_PER_WRITE
                || parts.size() >= MOST_PARTS
                || (copies != null && copies.writableBytes() < COPIED_DIRECT);
    }

    @Override
    public boolean isEmpty() {
        return written == parts.size();
    }

    @Override
    public long writeTo(GatheringByteChannel channel) throws IOException {
        ByteBuffer[] some = someParts();
        long count = some.length == 1 ? channel.write(some[0]) : channel.write(some);
        while (written < parts.size() && !parts.get(written).hasRemaining()) {
            written++;
        }
        if (isEmpty()) {
            close();
        }
        return count;
    }

    private ByteBuffer[] someParts() {
        int size = 0;
        int to = written;
        while (to < parts.size()
                && to - written < MOST_PARTS
                && (to == written || size + parts.get(to).remaining() <= BYTES_PER_WRITE)) {
            size += parts.get(to).remaining();
            to++;
        }
        return parts.subList(written, to).toArray(new ByteBuffer[0]);
    }

    @Override
    public void discard(ByteBuf buffer, Context context) {
        release(buffer);
    }

    /** Keeps nothing, not even the memory for copies: a writer that waits for its source holds none. */
    @Override
    public void close() {
        held.forEach(BufferBatch::release);
        held.clear();
        parts.clear();
        written = 0;
        bytes = 0;
        lastPartIsCopied = false;
        if (copies != null) {
            copies.release();
            copies = null;
        }
    }

    /** Whoever released a buffer too early is told by the write that fails, not by a second error from here. */
    private static void release(ByteBuf buffer) {
        if (buffer.refCnt() > 0) {
            buffer.release();
        }
    }
}
