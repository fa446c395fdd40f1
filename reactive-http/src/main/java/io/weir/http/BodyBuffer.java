package io.weir.http;

import io.netty.buffer.ByteBuf;
import java.util.Arrays;

/**
 * Collects a body on the heap up to a limit.
 *
 * <p>Grows with what has arrived and not with what {@code Content-Length} promises, so a server that lies about it cannot
 * make the client allocate.
 */
final class BodyBuffer {
    static final long MAX = Integer.MAX_VALUE - 8L;
    private static final int FIRST = 64 * 1024;
    private static final byte[] EMPTY = {};

    private final long limit;
    private final long promised;
    private byte[] bytes;
    private int size;

    /** @param promised the Content-Length, or negative where there is none */
    BodyBuffer(long limit, long promised) {
        this.limit = limit;
        this.promised = promised;
        this.bytes = promised > 0 ? new byte[(int) Math.min(promised, FIRST)] : EMPTY;
    }

    /** Copies the chunk; false, and nothing is kept, where it would be too much. The chunk stays the caller's. */
    boolean append(ByteBuf chunk) {
        int more = chunk.readableBytes();
        long needed = (long) size + more;
        if (needed > limit) {
            bytes = EMPTY;
            return false;
        }
        if (needed > bytes.length) {
            long doubled = Math.max(needed, Math.min(2L * bytes.length, MAX));
            long bound = promised >= needed ? promised : limit;
            bytes = Arrays.copyOf(bytes, (int) Math.max(needed, Math.min(doubled, bound)));
        }
        chunk.getBytes(chunk.readerIndex(), bytes, size, more);
        size += more;
        return true;
    }

    byte[] toBytes() {
        return size == bytes.length ? bytes : Arrays.copyOf(bytes, size);
    }
}
