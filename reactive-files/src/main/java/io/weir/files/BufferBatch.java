package io.weir.files;

import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.GatheringByteChannel;
import java.util.ArrayList;
import java.util.List;
import reactor.util.context.Context;

/**
 * Buffers, written with one gathering write. A buffer that reaches this class is owned by it: it is released here and seen by
 * no discard hook, since a hook that releases would do it twice, and without a hook nobody would.
 */
final class BufferBatch implements Batch<ByteBuf> {
    // The JDK copies what is on the heap into direct memory of the thread, as much as is written at once, and keeps it.
    private static final int BYTES_PER_WRITE = 1 << 20;
    // What one system call takes; the JDK passes no more.
    private static final int MOST_PARTS = 1024;

    private final List<ByteBuf> held = new ArrayList<>();
    private final List<ByteBuffer> parts = new ArrayList<>();
    private int written; // parts before this one are
    private long bytes; // in all parts held

    @Override
    public void add(ByteBuf buffer) {
        ByteBuffer[] views;
        try {
            views = buffer.nioBuffers();
        } catch (RuntimeException e) {
            release(buffer);
            throw e;
        }
        if (!buffer.isReadable()) {
            release(buffer);
            return;
        }
        held.add(buffer);
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
        return bytes >= BYTES_PER_WRITE || parts.size() >= MOST_PARTS;
    }

    @Override
    public boolean isEmpty() {
        return written == parts.size();
    }

    @Override
    public long writeTo(GatheringByteChannel channel) throws IOException {
        ByteBuffer[] some = someParts();
        long count = channel.write(some);
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

    @Override
    public void close() {
        held.forEach(BufferBatch::release);
        held.clear();
        parts.clear();
        written = 0;
        bytes = 0;
    }

    /** Whoever released a buffer too early is told by the write that fails, not by a second error from here. */
    private static void release(ByteBuf buffer) {
        if (buffer.refCnt() > 0) {
            buffer.release();
        }
    }
}
