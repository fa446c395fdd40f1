package io.weir.files;

import java.nio.ByteBuffer;

/** Input for a library that takes direct memory only: what lies there as it is, what lies on the heap piece by piece. */
final class DirectView {
    private static final int PIECE = 64 << 10;

    private ByteBuffer copy = ByteBuffer.allocateDirect(0);

    /** Some of the buffer, in direct memory, from its position on. */
    ByteBuffer of(ByteBuffer in) {
        if (in.isDirect()) {
            return in.duplicate();
        }
        int size = Math.min(PIECE, in.remaining());
        if (copy.capacity() < size) {
            copy = ByteBuffer.allocateDirect(PIECE);
        }
        return copy.clear().put(in.slice(in.position(), size)).flip();
    }
}
