package io.weir.files;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Appends to a file and reads it, counts what it is asked for, writes at most so many bytes at once, and fails when told to. */
final class FaultyChannel extends FileChannel {
    private final Path path;
    private final FileChannel file;
    private long readPosition;
    int readsUntilFailure = Integer.MAX_VALUE;
    int forces;
    int writes;
    int mostAtOnce = Integer.MAX_VALUE;
    int bytesUntilFull = Integer.MAX_VALUE;
    boolean failForce;
    boolean failTruncate;
    Runnable beforeForce = () -> {};

    FaultyChannel(Path path) throws IOException {
        this.path = path;
        file = FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }

    @Override
    public int write(ByteBuffer src) throws IOException {
        writes++;
        if (bytesUntilFull == 0) {
            throw new IOException("No space left on device");
        }
        int size = Math.min(Math.min(mostAtOnce, bytesUntilFull), src.remaining());
        int count = file.write(src.slice(src.position(), size));
        src.position(src.position() + count);
        bytesUntilFull -= count;
        return count;
    }

    @Override
    public long write(ByteBuffer[] srcs, int offset, int length) throws IOException {
        for (int i = offset; i < offset + length; i++) {
            if (srcs[i].hasRemaining()) {
                return write(srcs[i]);
            }
        }
        return 0;
    }

    @Override
    public void force(boolean metaData) throws IOException {
        forces++;
        beforeForce.run();
        if (failForce) {
            throw new IOException("Input/output error");
        }
        file.force(metaData);
    }

    @Override
    public FileChannel truncate(long size) throws IOException {
        if (failTruncate) {
            throw new IOException("cannot truncate");
        }
        file.truncate(size);
        return this;
    }

    @Override
    public long size() throws IOException {
        return file.size();
    }

    @Override
    protected void implCloseChannel() throws IOException {
        file.close();
    }

    @Override
    public int read(ByteBuffer dst) throws IOException {
        if (readsUntilFailure-- == 0) {
            throw new IOException("Input/output error");
        }
        try (FileChannel reading = FileChannel.open(path, StandardOpenOption.READ)) {
            int read = reading.read(dst, readPosition);
            readPosition += Math.max(0, read);
            return read;
        }
    }

    @Override
    public long read(ByteBuffer[] dsts, int offset, int length) {
        throw new UnsupportedOperationException();
    }

    @Override
    public long position() {
        throw new UnsupportedOperationException();
    }

    @Override
    public FileChannel position(long newPosition) {
        throw new UnsupportedOperationException();
    }

    @Override
    public long transferTo(long position, long count, WritableByteChannel target) {
        throw new UnsupportedOperationException();
    }

    @Override
    public long transferFrom(ReadableByteChannel src, long position, long count) {
        throw new UnsupportedOperationException();
    }

    @Override
    public int read(ByteBuffer dst, long position) {
        throw new UnsupportedOperationException();
    }

    @Override
    public int write(ByteBuffer src, long position) {
        throw new UnsupportedOperationException();
    }

    @Override
    public MappedByteBuffer map(MapMode mode, long position, long size) {
        throw new UnsupportedOperationException();
    }

    @Override
    public FileLock lock(long position, long size, boolean shared) {
        throw new UnsupportedOperationException();
    }

    @Override
    public FileLock tryLock(long position, long size, boolean shared) {
        throw new UnsupportedOperationException();
    }
}
