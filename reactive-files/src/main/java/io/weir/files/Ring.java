package io.weir.files;

import io.netty.channel.IoEvent;
import io.netty.channel.IoEventLoop;
import io.netty.channel.IoRegistration;
import io.netty.channel.unix.Buffer;
import io.netty.channel.uring.IoUringIoEvent;
import io.netty.channel.uring.IoUringIoHandle;
import io.netty.channel.uring.IoUringIoOps;
import io.netty.util.concurrent.FastThreadLocal;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Operators;
import reactor.util.context.Context;

/**
 * File operations on the io_uring of one event loop, through Netty's public interface and nothing native of our own.
 *
 * <p>Confined to the thread of its loop; {@link #execute} is the way in for others.
 *
 * <ul>
 *   <li>State: {@code pending[i]} is who waits for the completion that carries the number i, null where the number is free.
 *   <li>Invariant: each submission is answered once. Memory that was named in one belongs to the kernel until then, whoever has
 *       cancelled what meanwhile; a file is closed after the last answer of its operations.
 *   <li>Bounds: {@link #reads} and {@link #operations} let in at most so many that the completion queue, sized for both and a
 *       cancel for each, cannot overflow.
 *   <li>Loss: when the loop ends, which is only another's, all that is pending is answered with ECANCELED.
 * </ul>
 */
final class Ring implements IoUringIoHandle {
    /** Files read whole at once, each with a {@link #takeSpace() space}. */
    static final int MOST_READS = 256;

    /** Operations on open files at once. */
    static final int MOST_OPERATIONS = 1024;

    static final int COMPLETIONS = 4096;

    private static final int MOST_WAITING = 100_000;

    /** Most files are smaller, and one read is enough. */
    static final int SPACE = 64 << 10;

    /** For a path or for what is told about a file, apart from what was read. */
    private static final int BEHIND = 512;

    private static final FastThreadLocal<Ring> HERE = new FastThreadLocal<>();

    static final byte FSYNC = 3;
    static final byte ASYNC_CANCEL = 14;
    static final byte FALLOCATE = 17;
    static final byte OPENAT = 18;
    static final byte CLOSE = 19;
    static final byte STATX = 21;
    static final byte READ = 22;
    static final byte WRITE = 23;
    static final byte WRITEV = 2;
    static final byte FTRUNCATE = 55;

    static final int AT_FDCWD = -100;
    static final int AT_EMPTY_PATH = 0x1000;
    static final int O_RDONLY = 0;
    static final int O_WRONLY = 1;
    static final int O_RDWR = 2;
    static final int O_CREAT = 0100;
    static final int O_EXCL = 0200;
    static final int O_TRUNC = 01000;
    static final int O_CLOEXEC = 02000000;

    final Gate reads = new Gate(MOST_READS, MOST_WAITING);
    final Gate operations = new Gate(MOST_OPERATIONS, MOST_WAITING);

    private final IoEventLoop loop;
    private final Deque<ByteBuffer> spaces = new ArrayDeque<>();
    private @Nullable IoRegistration registration;
    private @Nullable Answer[] pending = new @Nullable Answer[64];
    private int[] free = new int[64];
    private int freed;
    private int used;
    private int inFlight;
    private boolean closing;
    private boolean ended;

    /** Who waits for a completion. */
    interface Answer {
        /** What the system call would have returned; an error as its negative number. On the ring's thread. */
        void answer(int result);
    }

    Ring(IoEventLoop loop) {
        this.loop = loop;
    }

    /** The ring of this thread, if it has been used before and has not ended. */
    static @Nullable Ring here() {
        Ring ring = HERE.getIfExists();
        return ring == null || ring.ended ? null : ring;
    }

    /** How much there is to do, not long ago; any thread may ask. */
    int load() {
        return reads.load() + operations.load();
    }

    /** Lets an entrant in, or into the line. On the ring's thread. */
    void admit(Gate gate, Gate.Entrant entrant) {
        register();
        gate.admit(entrant);
    }

    private void register() {
        if (registration == null) {
            // On the loop's own thread this is done when it returns.
            registration = loop.register(this).getNow();
            HERE.set(this);
        }
    }

    /** On the ring's thread: at once if this is it. */
    void execute(Runnable task) {
        if (loop.inEventLoop()) {
            task.run();
        } else {
            loop.execute(task);
        }
    }

    /** Submits, and returns by which name it can be cancelled. */
    long submit(byte operation, int fd, long offset, long address, int length, int flags, Answer answer) {
        IoRegistration to = registration;
        if (ended || to == null || !to.isValid()) {
            answer.answer(Errno.CANCELED);
            return 0;
        }
        int number = freed > 0 ? free[--freed] : used++;
        if (number == pending.length) {
            pending = Arrays.copyOf(pending, 2 * number);
            free = Arrays.copyOf(free, 2 * number);
        }
        pending[number] = answer;
        inFlight++;
        return to.submit(new IoUringIoOps(
                operation, (byte) 0, (short) 0, fd, offset, address, length, flags, number, (short) 0, (short) 0, 0,
                0));
    }

    /** Asks the kernel to give an operation up, which is then answered with an error, or as if nothing had been asked. */
    void cancel(long name) {
        if (name != 0) {
            submit(ASYNC_CANCEL, -1, 0, name, 0, 0, result -> {});
        }
    }

    void close(int fd, Answer answer) {
        register();
        submit(CLOSE, fd, 0, 0, 0, 0, answer);
    }

    @Override
    public void handle(IoRegistration from, IoEvent event) {
        IoUringIoEvent completion = (IoUringIoEvent) event;
        int number = (int) completion.userData();
        Answer answer = pending[number];
        if (answer != null) {
            pending[number] = null;
            free[freed++] = number;
            inFlight--;
            try {
                answer.answer(completion.res());
            } catch (Throwable t) { // with it the loop would end, and with that all that others wait for
                Operators.onErrorDropped(t, Context.empty());
            }
        }
        if (closing) {
            close();
        }
    }

    /** Memory for a path or for what is read, to be given back. The one used last comes first: it is still in the cache. */
    ByteBuffer takeSpace() {
        ByteBuffer space = spaces.pollFirst();
        return space != null ? space : ByteBuffer.allocateDirect(SPACE + BEHIND).order(ByteOrder.nativeOrder());
    }

    void giveSpace(ByteBuffer space) {
        spaces.addFirst(space);
    }

    static long address(ByteBuffer space) {
        return Buffer.memoryAddress(space);
    }

    /** The loop shuts down. What is in flight is waited for, as long as the loop does. */
    @Override
    public void close() {
        closing = true;
        IoRegistration from = registration;
        if (inFlight == 0 && from != null) {
            from.cancel();
        }
    }

    @Override
    public void unregistered() {
        ended = true;
        for (int i = 0; i < used; i++) {
            Answer answer = pending[i];
            pending[i] = null;
            if (answer != null) {
                answer.answer(Errno.CANCELED);
            }
        }
    }
}
