package io.weir.core.process;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** What a pipe's subscriber gets out of the bytes that were read. One thread at a time. */
interface Chunks<T> {
    /** So many bytes of {@code buffer} were read, and all that came before has been taken. */
    void received(byte[] buffer, int count);

    /** No more bytes will come. */
    void end();

    /** The next element, or null when more bytes are needed or nothing is left. */
    @Nullable
    T next();

    /** Each read as it comes. */
    final class Bytes implements Chunks<byte[]> {
        private byte @Nullable [] chunk;

        @Override
        public void received(byte[] buffer, int count) {
            chunk = Arrays.copyOf(buffer, count);
        }

        @Override
        public void end() {
            // nothing is held back
        }

        @Override
        public byte @Nullable [] next() {
            byte[] taken = chunk;
            chunk = null;
            return taken;
        }
    }
}
