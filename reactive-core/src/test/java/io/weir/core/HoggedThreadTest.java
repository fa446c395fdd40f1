package io.weir.core;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.core.debug.Diagnostics;
import io.weir.core.debug.DiagnosticsOptions;
import io.weir.core.debug.Report;
import io.weir.core.debug.Report.HoggedThread;
import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/** Stands outside of Weir's packages, as a user does. */
class HoggedThreadTest {
    private static final Duration THRESHOLD =
            Duration.ofMillis(250); // a busy machine may keep a short task waiting for its processor

    private final BlockingQueue<Report> told = new LinkedBlockingQueue<>();
    private volatile boolean heard;
    private volatile boolean stopped;

    @BeforeEach
    void enable() {
        Diagnostics.enable(DiagnosticsOptions.defaults()
                .withThreshold(THRESHOLD)
                .withMaxTracked(0)
                .withListener(report -> {
                    told.add(report);
                    heard = true;
                }));
    }

    @AfterEach
    void disable() {
        stopped = true;
        Diagnostics.disable();
    }

    /** Computes until that is told. */
    private void hog() {
        hog(10);
    }

    private void hog(int seconds) {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
        while (!heard && !stopped && System.nanoTime() - end < 0) {
            Math.sin((double) end);
        }
    }

    private HoggedThread next() throws InterruptedException {
        Report report = told.poll(30, TimeUnit.SECONDS);
        assertThat(report).as("what was told").isNotNull();
        return (HoggedThread) report;
    }

    @Nested
    class OfReactor {
        private final Scheduler scheduler = Schedulers.newParallel("hogged", 2);

        @AfterEach
        void dispose() {
            stopped = true;
            scheduler.dispose();
        }

        @Test
        void isToldWithTheMethodThatHogsIt() throws InterruptedException {
            scheduler.schedule(HoggedThreadTest.this::hog);
            HoggedThread report = next();
            assertThat(report.thread()).startsWith("hogged-");
            assertThat(report.lasted()).isGreaterThanOrEqualTo(THRESHOLD);
            assertThat(report.site().getMethodName()).isEqualTo("hog");
            assertThat(report.samples()).hasSizeGreaterThan(1);
            assertThat(report.message()).contains("hogged-", "HoggedThreadTest.hog");
        }

        @Test
        void isToldOfAnOperator() throws InterruptedException {
            Mono.fromRunnable(HoggedThreadTest.this::hog).subscribeOn(scheduler).block();
            assertThat(next().site().getMethodName()).isEqualTo("hog");
        }

        @Test
        void isNotToldOfManyShortTasks() throws InterruptedException {
            Scheduler.Worker busy = scheduler.createWorker();
            Scheduler.Worker hogged = scheduler.createWorker();
            busy.schedule(new Runnable() {
                @Override
                public void run() {
                    if (!stopped) {
                        busy.schedule(this);
                    }
                }
            });
            hogged.schedule(HoggedThreadTest.this::hog);
            next(); // as many looks at the busy one
            assertThat(Diagnostics.reports())
                    .singleElement()
                    .satisfies(
                            report -> assertThat(report.site().getMethodName()).isEqualTo("hog"));
        }

        @Test
        void isNotToldOfAThreadThatMayBlock() throws InterruptedException {
            Scheduler mayBlock = Schedulers.newBoundedElastic(1, 10, "elastic");
            try {
                mayBlock.schedule(HoggedThreadTest.this::hog);
                scheduler.schedule(HoggedThreadTest.this::hog);
                assertThat(next().thread()).startsWith("hogged-");
                assertThat(Diagnostics.reports()).hasSize(1);
            } finally {
                mayBlock.dispose();
            }
        }
    }

    @Nested
    class Watched {
        private final ExecutorService loop = Executors.newSingleThreadExecutor(run -> new Thread(run, "loop"));
        private final Disposable watch = Diagnostics.watch("loop", loop);

        @AfterEach
        void shutdown() throws Exception {
            watch.dispose();
            stopped = true;
            if (!loop.isShutdown()) {
                loop.submit(() -> {}).get(30, TimeUnit.SECONDS); // behind the last that would give it another one
            }
            loop.shutdownNow();
        }

        @Test
        void isToldWithTheMethodThatHogsIt() throws Exception {
            for (int i = 0;
                    i < 10 && told.isEmpty();
                    i++) { // its thread is known once a beat has run, which is after the first of them
                loop.submit(() -> hog(1)).get(30, TimeUnit.SECONDS);
            }
            HoggedThread report = next();
            assertThat(report.thread()).isEqualTo("loop");
            assertThat(report.site().getMethodName()).isEqualTo("hog");
        }

        @Test
        void isNotToldOfManyShortTasks() throws InterruptedException {
            Scheduler scheduler = Schedulers.newParallel("hogged", 1);
            try {
                loop.execute(new Runnable() {
                    @Override
                    public void run() {
                        if (!stopped) {
                            loop.execute(this);
                        }
                    }
                });
                scheduler.schedule(HoggedThreadTest.this::hog);
                assertThat(next().thread()).startsWith("hogged-");
                assertThat(Diagnostics.reports()).hasSize(1);
            } finally {
                stopped = true;
                scheduler.dispose();
            }
        }

        @Test
        void isToldOfOneThatIsFull() throws Exception {
            ThreadPoolExecutor full = new ThreadPoolExecutor(
                    1, 1, 0, TimeUnit.SECONDS, new ArrayBlockingQueue<>(1), run -> new Thread(run, "full"));
            Disposable watched = Diagnostics.watch("full", full);
            try {
                // By the first beat its thread is known.
                for (int i = 0; i < 3000 && full.getCompletedTaskCount() == 0; i++) {
                    LockSupport.parkNanos(10_000_000);
                }
                for (int i = 0; i < 3000 && told.isEmpty(); i++) {
                    try {
                        full.execute(HoggedThreadTest.this::hog);
                    } catch (RejectedExecutionException e) {
                        LockSupport.parkNanos(10_000_000);
                    }
                }
                HoggedThread report = next();
                assertThat(report.thread()).isEqualTo("full");
                assertThat(report.site().getMethodName()).isEqualTo("hog");
            } finally {
                watched.dispose();
                full.shutdownNow();
            }
        }

        @Test
        void isLeftWhenItRejects() throws InterruptedException {
            loop.shutdownNow();
            Scheduler scheduler = Schedulers.newParallel("hogged", 1);
            try {
                scheduler.schedule(HoggedThreadTest.this::hog);
                assertThat(next().thread()).startsWith("hogged-"); // it goes on to look at others
            } finally {
                scheduler.dispose();
            }
        }
    }
}
