package io.weir.demos.command;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Makes Ctrl-C end a command well: its work is stopped, and the JVM waits until that has ended. The JVM itself then exits with
 * 130.
 */
public final class Interrupt {

    /** Enough for writes that are under way; a disk that takes longer is not waited for. */
    private static final long LONGEST_WAIT_SECONDS = 10;

    private Interrupt() {}

    /**
     * Runs {@code work} on this thread. If the JVM is told to end meanwhile, it stops the work and waits until it has ended, 10
     * seconds at most.
     *
     * @param stop called on a thread of its own; has the work end soon
     * @param work what to run
     * @param <T> what the work returns
     * @return what the work returns
     */
    public static <T> T stops(Runnable stop, Supplier<T> work) {
        CountDownLatch ended = new CountDownLatch(1);
        Thread hook = new Thread(() -> stop(stop, ended), "weir-interrupt");
        Runtime.getRuntime().addShutdownHook(hook);
        try {
            return work.get();
        } finally {
            ended.countDown();
            remove(hook);
        }
    }

    private static void stop(Runnable stop, CountDownLatch ended) {
        stop.run();
        try {
            ended.await(LONGEST_WAIT_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void remove(Thread hook) {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // The JVM is on its way out already, and the hook with it.
        }
    }
}
