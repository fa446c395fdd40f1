package io.weir.files;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.unix.Buffer;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import reactor.core.scheduler.Scheduler;

/**
 * A file held open for rings: each operation is done by the ring that suits its caller. What a ring cannot do, a worker does
 * through {@code /proc/self/fd}.
 */
final class RingFile implements OpenFile {
    private static final int DATA_ONLY = 1;
    private static final int STATX_SIZE = 0x200;
    private static final int STATX_SIZE_AT = 40;
    private static final int STATX_LENGTH = 256;
    // What one system call takes.
    private static final int MOST_PARTS = 1024;
    // What lies on the heap is copied, so much at once.
    private static final int COPIED_AT_ONCE = 1 << 20;

    private final Rings rings;
    private final int fd;
    private final Path path;
    private final boolean writes;
    private final Scheduler workers;
    private @Nullable FileChannel channel; // guarded by this

    RingFile(Rings rings, int fd, Path path, boolean writes, Scheduler workers) {
        this.rings = rings;
        this.fd = fd;
        this.path = path;
        this.writes = writes;
        this.workers = workers;
    }

    @Override
    public void read(ByteBuf into, long at, Answer answer) {
        start(new Reading(into, at, answer));
    }

    @Override
    public void write(ByteBuf from, long at, Answer answer) {
        start(new Writing(from.duplicate(), at, answer));
    }

    @Override
    public void size(Answer answer) {
        start(new Measuring(answer));
    }

    @Override
    public void force(boolean metadata, Answer answer) {
        start(new Plain(Ring.FSYNC, 0, 0, 0, metadata ? 0 : DATA_ONLY, answer));
    }

    @Override
    public void allocate(long at, long length, Answer answer) {
        start(new Plain(Ring.FALLOCATE, at, length, 0, 0, answer));
    }

    @Override
    public void truncate(long size, Answer answer) {
        Answer orByChannel = (result, failure) -> {
            if (failure instanceof Errno.Refusal refusal && refusal.is(Errno.INVALID)) { // a kernel before 6.9
                onChannel(channel -> ChannelFile.truncate(channel, size), answer);
            } else {
                answer.answer(result, failure);
            }
        };
        start(new Plain(Ring.FTRUNCATE, size, 0, 0, 0, orByChannel));
    }

    @Override
    public void onChannel(OnChannel call, Answer answer) {
        ChannelFile.call(workers, () -> call.call(channel()), answer);
    }

    private synchronized FileChannel channel() throws IOException {
        FileChannel opened = channel;
        if (opened == null) {
            Set<OpenOption> options = new HashSet<>(Set.of(StandardOpenOption.READ));
            if (writes) {
                options.add(StandardOpenOption.WRITE);
            }
            opened = FileChannel.open(Path.of("/proc/self/fd", Integer.toString(fd)), options);
            channel = opened;
        }
        return opened;
    }

    private synchronized @Nullable FileChannel openedChannel() {
        return channel;
    }

    @Override
    public void close(Answer answer) {
        FileChannel opened = openedChannel();
        if (opened == null) {
            rings.close(fd, result -> closed(result, answer));
        } else {
            ChannelFile.close(opened, workers, (done, failure) -> rings.close(fd, result -> closed(result, answer)));
        }
    }

    private void closed(int result, Answer answer) {
        answer.answer(0, result < 0 ? Errno.exception(path, result) : null);
    }

    private void start(Step step) {
        try {
            step.ring.execute(step);
        } catch (RejectedExecutionException e) { // another's loop, which is being shut down
            step.refuse(e);
        }
    }

    /** An operation, of as many submissions as it takes. */
    private abstract class Step implements Runnable, Gate.Entrant, Ring.Answer {
        final Ring ring = rings.ring();
        private final Answer answer;

        Step(Answer answer) {
            this.answer = answer;
        }

        @Override
        public void run() {
            try {
                ring.admit(ring.operations, this);
            } catch (RejectedExecutionException e) {
                refuse(e);
            }
        }

        void refuse(RejectedExecutionException e) {
            free();
            answer.answer(0, e);
        }

        @Override
        public boolean enter() {
            try {
                submit();
            } catch (Throwable t) { // no memory
                end(0, t);
            }
            return true;
        }

        abstract void submit();

        /** A result that is none of the kernel's errors. */
        abstract void received(int result);

        @Override
        public void answer(int result) {
            try {
                if (result == Errno.INTERRUPTED) {
                    submit();
                } else if (result < 0) {
                    end(0, Errno.exception(path, result));
                } else {
                    received(result);
                }
            } catch (Throwable t) {
                end(0, t);
            }
        }

        /** Gives up memory of its own. */
        void free() {}

        final void end(long result, @Nullable Throwable failure) {
            free();
            ring.operations.leave();
            answer.answer(result, failure);
        }
    }

    private final class Plain extends Step {
        private final byte operation;
        private final long offset;
        private final long address;
        private final int length;
        private final int flags;

        Plain(byte operation, long offset, long address, int length, int flags, Answer answer) {
            super(answer);
            this.operation = operation;
            this.offset = offset;
            this.address = address;
            this.length = length;
            this.flags = flags;
        }

        @Override
        void submit() {
            ring.submit(operation, fd, offset, address, length, flags, this);
        }

        @Override
        void received(int result) {
            end(result, null);
        }
    }

    private final class Reading extends Step {
        private final ByteBuf into;
        private final long address;
        private final long at;
        private int total;

        Reading(ByteBuf into, long at, Answer answer) {
            super(answer);
            this.into = into;
            this.address = address(into.internalNioBuffer(into.writerIndex(), into.writableBytes()));
            this.at = at;
        }

        @Override
        void submit() {
            ring.submit(Ring.READ, fd, at + total, address + total, into.writableBytes() - total, 0, this);
        }

        @Override
        void received(int result) {
            total += result;
            if (result == 0 || total == into.writableBytes()) {
                end(total, null);
            } else {
                submit();
            }
        }
    }

    private final class Writing extends Step {
        private final ByteBuf left;
        private final long at;
        private long total;
        private @Nullable ByteBuf ours; // while the kernel uses it

        Writing(ByteBuf left, long at, Answer answer) {
            super(answer);
            this.left = left;
            this.at = at;
        }

        @Override
        void submit() {
            if (!left.isReadable()) {
                end(total, null);
                return;
            }
            ByteBuffer[] parts = left.nioBuffers();
            if (!Arrays.stream(parts).allMatch(ByteBuffer::isDirect)) {
                int size = Math.min(left.readableBytes(), COPIED_AT_ONCE);
                ByteBuf copy = ByteBufAllocator.DEFAULT.directBuffer(size, size);
                ours = copy;
                copy.writeBytes(left, left.readerIndex(), size);
                submit(copy.internalNioBuffer(0, size));
            } else if (parts.length == 1) {
                submit(parts[0]);
            } else {
                gather(parts);
            }
        }

        private void submit(ByteBuffer part) {
            ring.submit(Ring.WRITE, fd, at + total, address(part), part.remaining(), 0, this);
        }

        private void gather(ByteBuffer[] parts) {
            int count = Math.min(parts.length, MOST_PARTS);
            ByteBuf vector = ByteBufAllocator.DEFAULT.directBuffer(count * 2 * Long.BYTES);
            ours = vector;
            for (int i = 0; i < count; i++) {
                vector.writeLongLE(address(parts[i])).writeLongLE(parts[i].remaining());
            }
            ring.submit(Ring.WRITEV, fd, at + total, address(vector.internalNioBuffer(0, 1)), count, 0, this);
        }

        @Override
        public void answer(int result) {
            free();
            super.answer(result);
        }

        @Override
        void received(int result) {
            if (result == 0) {
                end(total, new IOException("nothing was written"));
                return;
            }
            total += result;
            left.skipBytes(result);
            submit();
        }

        @Override
        void free() {
            ByteBuf copied = ours;
            ours = null;
            if (copied != null) {
                copied.release();
            }
        }
    }

    private final class Measuring extends Step {
        // An empty path, which stands for the descriptor itself, and behind it the answer.
        private final ByteBuf told = ByteBufAllocator.DEFAULT.directBuffer(Long.BYTES + STATX_LENGTH);

        Measuring(Answer answer) {
            super(answer);
        }

        @Override
        void submit() {
            long path = address(told.setByte(0, 0).internalNioBuffer(0, 1));
            ring.submit(Ring.STATX, fd, path + Long.BYTES, path, STATX_SIZE, Ring.AT_EMPTY_PATH, this);
        }

        @Override
        void received(int result) {
            end(told.getLongLE(Long.BYTES + STATX_SIZE_AT), null);
        }

        @Override
        void free() {
            told.release();
        }
    }

    private static long address(ByteBuffer memory) {
        return Buffer.memoryAddress(memory) + memory.position();
    }
}
