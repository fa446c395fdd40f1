package io.weir.demos.crawl;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Makes Ctrl-C end a crawl well: it is stopped, and the JVM waits until its report is told. The JVM itself then exits with
 * 130.
 */
final class Interrupt {

    /** Enough for writes that are under way; a disk that takes longer is not waited for. */
    private static final long LONGEST_WAIT_SECONDS = 10;

    private Interrupt() {}

    /** Runs {@code work}, which ends when the crawl does. If the JVM is told to end meanwhile, it stops the crawl and waits. */
    static void stops(Crawl crawl, Runnable work) {
        CountDownLatch told = new CountDownLatch(1);
        Thread hook = new Thread(() -> stop(crawl, told), "weir-interrupt");
        Runtime.getRuntime().addShutdownHook(hook);
        try {
            work.run();
        } finally {
            told.countDown();
            remove(hook);
        }
    }

    private static void stop(Crawl crawl, CountDownLatch told) {
        crawl.stop();
        try {
            told.await(LONGEST_WAIT_SECONDS, TimeUnit.SECONDS);
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
