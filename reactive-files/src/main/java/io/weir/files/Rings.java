package io.weir.files;

import io.netty.channel.IoEventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.uring.IoUring;
import io.netty.channel.uring.IoUringIoHandle;
import io.netty.channel.uring.IoUringIoHandler;
import io.netty.channel.uring.IoUringIoHandlerConfig;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.FastThreadLocalThread;
import io.netty.util.internal.ThreadExecutorMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;
import reactor.core.scheduler.NonBlocking;

/** The event loops with an io_uring that files are read on: the caller's own if it runs on one, else one of ours. */
final class Rings {
    // A loop is busy with copying out of the page cache, not with waiting: more of them than cores would gain nothing.
    private static final int MOST_LOOPS = 4;
    private static final int SUBMISSIONS = 512;

    private final MultiThreadIoEventLoopGroup loops;

    /** Sets the rings up, which is where a kernel or a sandbox that forbids it says so. The threads start when first used. */
    Rings() {
        IoUring.ensureAvailability();
        IoUringIoHandlerConfig config =
                new IoUringIoHandlerConfig().setRingSize(SUBMISSIONS).setCqSize(Ring.COMPLETIONS);
        AtomicInteger number = new AtomicInteger();
        ThreadFactory threads = run -> new Loop(run, number.incrementAndGet());
        int count = Math.min(MOST_LOOPS, Runtime.getRuntime().availableProcessors());
        this.loops = new MultiThreadIoEventLoopGroup(count, threads, IoUringIoHandler.newFactory(config));
    }

    IoEventLoop loop() {
        EventExecutor here = ThreadExecutorMap.currentExecutor();
        if (here instanceof IoEventLoop own
                && own.inEventLoop()
                && own.isCompatible(IoUringIoHandle.class)
                && !own.isShuttingDown()) {
            return own;
        }
        return loops.next();
    }

    /** Closes on the ring the file was opened on; if that is another's and has ended, on one of ours. */
    void close(Ring ring, int fd, Ring.Answer answer) {
        Ring.Answer orHere = result -> {
            if (result == Errno.CANCELED) {
                IoEventLoop ours = loops.next();
                ours.execute(() -> Ring.of(ours).close(fd, answer));
            } else {
                answer.answer(result);
            }
        };
        try {
            ring.execute(() -> ring.close(fd, orHere));
        } catch (RejectedExecutionException e) {
            orHere.answer(Errno.CANCELED);
        }
    }

    private static final class Loop extends FastThreadLocalThread implements NonBlocking {
        Loop(Runnable run, int number) {
            super(run, "weir-files-" + number);
            setDaemon(true);
        }
    }
}
