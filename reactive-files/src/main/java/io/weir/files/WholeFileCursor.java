package io.weir.files;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A file as one array. Its size is a hint and no more: files under /proc claim to be empty, and others grow or shrink while
 * they are read. It is read in steps, so that a cancel need not wait for a large one.
 */
final class WholeFileCursor implements Cursor<byte[]> {
    private static final int LEAST_GROWTH = 8 << 10;

    private final FileOperation operation;
    private final FileChannel channel;
    private final int step;
    private final int maxSize;
    private final ByteBuffer probe = ByteBuffer.allocate(1);

    private byte[] bytes;
    private int length;
    private boolean ended;
    private boolean polled;

    WholeFileCursor(FileOperation operation, FileChannel channel, ReadOptions options, long size) {
        this.operation = operation;
        this.channel = channel;
        this.step = options.chunkSize();
        this.maxSize = options.maxSize();
        if (size > maxSize) {
            throw new FileTooLargeException(operation, maxSize);
        }
        this.bytes = new byte[size > 0 ? (int) size : Math.min(LEAST_GROWTH, maxSize)];
    }

    @Override
    public byte @Nullable [] poll() {
        if (!ended || polled) {
            return null;
        }
        polled = true;
        return length == bytes.length ? bytes : Arrays.copyOf(bytes, length);
    }

    @Override
    public boolean fill(long demand) throws IOException {
        if (ended) {
            return false;
        }
        int read = length < bytes.length ? readOn() : readPastTheHint();
        if (read < 0) {
            ended = true;
        } else {
            length += read;
        }
        return true;
    }

    private int readOn() throws IOException {
        return channel.read(ByteBuffer.wrap(bytes, length, Math.min(step, bytes.length - length)));
    }

    /** The array is full, which for most files is the end: asks for one byte before it makes a larger array. */
    private int readPastTheHint() throws IOException {
        int read = channel.read(probe.clear());
        if (read > 0) {
            if (length == maxSize) {
                throw new FileTooLargeException(operation, maxSize);
            }
            bytes = Arrays.copyOf(bytes, (int) Math.min(maxSize, Math.max(length * 2L, LEAST_GROWTH)));
            bytes[length] = probe.get(0);
        }
        return read;
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
