package io.weir.files;

import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.concurrent.RejectedExecutionException;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/** A file held open by the JDK, with a worker for each call. */
final class ChannelFile implements OpenFile {
    private static final int ZEROS = 1 << 20;

    private final FileChannel channel;
    private final Scheduler workers;

    ChannelFile(FileChannel channel, Scheduler workers) {
        this.channel = channel;
        this.workers = workers;
    }

    /** A call to the system that blocks. */
    interface Blocking {
        long call() throws IOException;
    }

    /** Calls on a worker, and answers there; where the pool is full, at once. */
    static void call(Scheduler workers, Blocking blocking, Answer answer) {
        Runnable task = () -> {
            long result;
            try {
                result = blocking.call();
            } catch (Throwable t) {
                answer.answer(0, t);
                return;
            }
            answer.answer(result, null);
        };
        try {
            // The handle is dropped on purpose: disposing of it would interrupt, which closes a FileChannel.
            workers.schedule(task);
        } catch (Throwable t) {
            answer.answer(0, t);
        }
    }

    @Override
    public void read(ByteBuf into, long at, Answer answer) {
        call(workers, () -> read(into.internalNioBuffer(into.writerIndex(), into.writableBytes()), at), answer);
    }

    private long read(ByteBuffer into, long at) throws IOException {
        long total = 0;
        while (into.hasRemaining()) {
            int count = channel.read(into, at + total);
            if (count <= 0) {
                break;
            }
            total += count;
        }
        return total;
    }

    @Override
    public void write(ByteBuf from, long at, Answer answer) {
        call(workers, () -> write(from.nioBuffers(), at), answer);
    }

    private long write(ByteBuffer[] parts, long at) throws IOException {
        long total = 0;
        for (ByteBuffer part : parts) {
            while (part.hasRemaining()) {
                total += channel.write(part, at + total);
            }
        }
        return total;
    }

    @Override
    public void size(Answer answer) {
        call(workers, channel::size, answer);
    }

    @Override
    public void truncate(long size, Answer answer) {
        call(workers, () -> truncate(channel, size), answer);
    }

    static long truncate(FileChannel channel, long size) throws IOException {
        if (size > channel.size()) {
            channel.write(ByteBuffer.allocate(1), size - 1);
        } else {
            channel.truncate(size);
        }
        return 0;
    }

    @Override
    public void force(boolean metadata, Answer answer) {
        Blocking force = () -> {
            channel.force(metadata);
            return 0;
        };
        call(workers, force, answer);
    }

    @Override
    public void allocate(long at, long length, Answer answer) {
        call(workers, () -> allocate(at + length), answer);
    }

    /** The JDK has no call for it: what is missing at the end is written. */
    private long allocate(long end) throws IOException {
        ByteBuffer zeros = ByteBuffer.allocateDirect((int) Math.min(ZEROS, Math.max(1, end - channel.size())));
        for (long size = channel.size(); size < end; size = channel.size()) {
            channel.write(zeros.clear().limit((int) Math.min(zeros.capacity(), end - size)), size);
        }
        return 0;
    }

    @Override
    public void onChannel(OnChannel call, Answer answer) {
        call(workers, () -> call.call(channel), answer);
    }

    @Override
    public void close(Answer answer) {
        close(channel, workers, answer);
    }

    /** Where the pool is full, on the thread that asks: what is open must not stay open. */
    static void close(FileChannel channel, Scheduler workers, Answer answer) {
        Blocking close = () -> {
            channel.close();
            return 0;
        };
        call(workers, close, (done, failure) -> {
            if (failure instanceof RejectedExecutionException) {
                call(Schedulers.immediate(), close, answer);
            } else {
                answer.answer(0, failure);
            }
        });
    }
}
