package io.weir.files;

import io.netty.channel.IoEventLoop;
import io.netty.channel.IoEventLoopGroup;
import io.netty.channel.IoHandlerFactory;
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
import org.jspecify.annotations.Nullable;
import reactor.core.scheduler.NonBlocking;

/** The event loops with an io_uring that files are read on: the caller's own if it runs on one, else one of ours. */
final class Rings {
    // A loop is busy with copying out of the page cache, not with waiting: more of them than cores would gain nothing.
    private static final int MOST_LOOPS = 4;
    private static final int SUBMISSIONS = 512;

    // Under so many reads a loop is not the bottleneck, and a hop costs more than it gains.
    private static final int WORTH_A_HOP = 8;

    private final Ring[] own;
    private final AtomicInteger turn = new AtomicInteger();

    /** Sets the rings up, which is where a kernel or a sandbox that forbids it says so. The threads start when first used. */
    Rings() {
        IoUring.ensureAvailability();
        IoUringIoHandlerConfig config =
                new IoUringIoHandlerConfig().setRingSize(SUBMISSIONS).setCqSize(Ring.COMPLETIONS);
        AtomicInteger number = new AtomicInteger();
        ThreadFactory threads = run -> new Loop(run, number.incrementAndGet());
        int count = Math.min(MOST_LOOPS, Runtime.getRuntime().availableProcessors());
        IoHandlerFactory io = IoUringIoHandler.newFactory(config);
        IoEventLoopGroup loops = new MultiThreadIoEventLoopGroup(count, threads, io);
        this.own = new Ring[count];
        for (int i = 0; i < count; i++) {
            own[i] = new Ring(loops.next());
        }
    }

    /**
     * The caller's own ring, if it has one. Of ours it stays on one while there is little to do, and leaves it when another has
     * less: what is started by the end of something else would all gather on one thread otherwise.
     */
    Ring ring() {
        Ring here = Ring.here();
        if (here == null) {
            return foreign(ThreadExecutorMap.currentExecutor());
        }
        int load = here.load();
        if (load < WORTH_A_HOP || !(Thread.currentThread() instanceof Loop)) {
            return here;
        }
        Ring other = next();
        if (other == here) {
            other = next();
        }
        return other.load() < load ? other : here;
    }

    /** On a loop with an io_uring that has not been used for files yet; it may not be one of ours. */
    private Ring foreign(@Nullable EventExecutor here) {
        if (here instanceof IoEventLoop loop
                && loop.inEventLoop()
                && loop.isCompatible(IoUringIoHandle.class)
                && !(Thread.currentThread() instanceof Loop)
                && !loop.isShuttingDown()) {
            return new Ring(loop);
        }
        return next();
    }

    private Ring next() {
        return own[(turn.getAndIncrement() & Integer.MAX_VALUE) % own.length];
    }

    /** If the ring is another's and ends meanwhile, one of ours does it. */
    void close(int fd, Ring.Answer answer) {
        Ring ring = ring();
        Ring.Answer orOurs = result -> {
            if (result == Errno.CANCELED) {
                Ring ours = next();
                ours.execute(() -> ours.close(fd, answer));
            } else {
                answer.answer(result);
            }
        };
        try {
            ring.execute(() -> ring.close(fd, orOurs));
        } catch (RejectedExecutionException e) {
            orOurs.answer(Errno.CANCELED);
        }
    }

    private static final class Loop extends FastThreadLocalThread implements NonBlocking {
        Loop(Runnable run, int number) {
            super(run, "weir-files-" + number);
            setDaemon(true);
        }
    }
}
