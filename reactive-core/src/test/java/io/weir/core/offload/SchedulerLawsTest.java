package io.weir.core.offload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;
import reactor.core.Scannable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;
import reactor.test.scheduler.VirtualTimeScheduler;

class SchedulerLawsTest {
    private final Offload pool = Offload.bounded("laws", 3, 1000);
    private final Scheduler scheduler = pool.scheduler();
    private final CountDownLatch release = new CountDownLatch(1);

    @AfterEach
    void end() {
        release.countDown();
        pool.closeNow();
        pool.terminated().block();
    }

    private void waitForRelease() {
        try {
            release.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Nested
    class Worker {
        @Test
        void runsItsTasksInOrderOneAtATime() throws Exception {
            Scheduler.Worker worker = scheduler.createWorker();
            List<Integer> order = new ArrayList<>(); // not thread-safe: the worker's order makes it so
            AtomicInteger inside = new AtomicInteger();
            AtomicBoolean overlap = new AtomicBoolean();
            CountDownLatch all = new CountDownLatch(900);
            for (int i = 0; i < 900; i++) {
                int number = i;
                worker.schedule(() -> {
                    overlap.compareAndSet(false, inside.getAndIncrement() != 0);
                    order.add(number);
                    inside.decrementAndGet();
                    all.countDown();
                });
            }
            all.await();
            assertThat(order).hasSize(900).isSorted();
            assertThat(overlap).isFalse();
        }

        @Test
        void disposingItCancelsWhatWaitsAndInterruptsWhatRuns() throws Exception {
            Scheduler.Worker worker = scheduler.createWorker();
            CountDownLatch inside = new CountDownLatch(1);
            CountDownLatch interrupted = new CountDownLatch(1);
            AtomicBoolean ran = new AtomicBoolean();
            worker.schedule(() -> {
                inside.countDown();
                try {
                    release.await();
                } catch (InterruptedException e) {
                    interrupted.countDown();
                }
            });
            Disposable second = worker.schedule(() -> ran.set(true));
            Disposable delayed = worker.schedule(() -> ran.set(true), 1, TimeUnit.DAYS);
            inside.await();
            worker.dispose();
            interrupted.await();
            assertThat(worker.isDisposed()).isTrue();
            assertThat(second.isDisposed()).isTrue();
            assertThat(delayed.isDisposed()).isTrue();
            assertThatThrownBy(() -> worker.schedule(() -> ran.set(true)))
                    .isInstanceOf(RejectedExecutionException.class);
            assertThatThrownBy(() -> worker.schedule(() -> ran.set(true), 1, TimeUnit.MILLISECONDS))
                    .isInstanceOf(RejectedExecutionException.class);
            assertThatThrownBy(() -> worker.schedulePeriodically(() -> ran.set(true), 1, 1, TimeUnit.MILLISECONDS))
                    .isInstanceOf(RejectedExecutionException.class);
            pool.close();
            pool.terminated().block();
            assertThat(ran).isFalse();
            assertThat(pool.statistics().cancelled()).isEqualTo(3);
        }

        @Test
        void disposingItLeavesOthersAlone() {
            Scheduler.Worker first = scheduler.createWorker();
            Scheduler.Worker second = scheduler.createWorker();
            first.dispose();
            CountDownLatch ran = new CountDownLatch(1);
            second.schedule(ran::countDown);
            StepVerifier.create(Mono.fromCallable(() -> {
                                ran.await();
                                return true;
                            })
                            .subscribeOn(Schedulers.boundedElastic()))
                    .expectNext(true)
                    .verifyComplete();
        }

        @Test
        void aTaskThatDisposesItsWorkerIsNotInterrupted() throws Exception {
            Scheduler.Worker worker = scheduler.createWorker();
            CountDownLatch done = new CountDownLatch(1);
            AtomicBoolean flag = new AtomicBoolean();
            worker.schedule(() -> {
                worker.dispose();
                flag.set(Thread.currentThread().isInterrupted());
                done.countDown();
            });
            done.await();
            assertThat(flag).isFalse();
        }

        @Test
        void aTaskThatDisposesItsWorkerBeforeScheduleReturnsWasNotRefused() throws Exception {
            for (int i = 0; i < 5000; i++) {
                Scheduler.Worker worker = scheduler.createWorker();
                CountDownLatch done = new CountDownLatch(1);
                worker.schedule(
                        () -> { // throws if it takes this for a dispose that came before
                            worker.dispose();
                            done.countDown();
                        });
                done.await();
            }
        }

        @Test
        void manyDisposedTasksLeaveNothingInItsLine() {
            Scheduler.Worker worker = scheduler.createWorker();
            worker.schedule(SchedulerLawsTest.this::waitForRelease);
            for (int i = 0; i < 100_000; i++) {
                worker.schedule(() -> {}).dispose();
            }
            assertThat(Scannable.from(worker).scan(Scannable.Attr.BUFFERED)).isLessThan(200);
            assertThat(pool.statistics().queued()).isLessThanOrEqualTo(1);
        }
    }

    @Nested
    class Time {
        private final VirtualTimeScheduler clock = VirtualTimeScheduler.getOrSet();

        @AfterEach
        void reset() {
            VirtualTimeScheduler.reset();
        }

        /** Whatever the clock's ticks have put into the pool has run when this returns. */
        private void settle() {
            while (pool.statistics().active() > 0 || !pool.pool().queue.isEmpty()) {
                Thread.onSpinWait();
            }
        }

        @Test
        void aDelayedTaskRunsWhenItIsDueOnTheClockOfParallel() throws Exception {
            CountDownLatch ran = new CountDownLatch(1);
            scheduler.schedule(ran::countDown, 10, TimeUnit.SECONDS);
            clock.advanceTimeBy(Duration.ofSeconds(9));
            settle();
            assertThat(ran.getCount()).isEqualTo(1);
            assertThat(pool.statistics().queued()).isEqualTo(1);
            clock.advanceTimeBy(Duration.ofSeconds(1));
            ran.await();
        }

        @Test
        void aPeriodicTaskRunsForEachPeriodUntilItIsDisposed() throws Exception {
            for (boolean onWorker : new boolean[] {false, true}) {
                CountDownLatch five = new CountDownLatch(5);
                AtomicInteger runs = new AtomicInteger();
                Runnable task = () -> {
                    runs.incrementAndGet();
                    five.countDown();
                };
                Disposable periodic = onWorker
                        ? scheduler.createWorker().schedulePeriodically(task, 1, 2, TimeUnit.SECONDS)
                        : scheduler.schedulePeriodically(task, 1, 2, TimeUnit.SECONDS);
                clock.advanceTimeBy(Duration.ofSeconds(9)); // due at 1, 3, 5, 7, 9: made up for, if it was late
                five.await();
                periodic.dispose();
                assertThat(periodic.isDisposed()).isTrue();
                clock.advanceTimeBy(Duration.ofSeconds(20));
                settle();
                assertThat(runs).hasValue(5);
                assertThat(pool.statistics().queued()).isZero();
                assertThat(pool.pool().timed).isEmpty();
            }
        }

        @Test
        void aPeriodicTaskThatThrowsGoesOn() throws Exception {
            List<Throwable> uncaught = new CopyOnWriteArrayList<>();
            Schedulers.onHandleError((thread, error) -> uncaught.add(error));
            try {
                CountDownLatch three = new CountDownLatch(3);
                Disposable periodic = scheduler.schedulePeriodically(
                        () -> {
                            three.countDown();
                            throw new IllegalStateException("made up");
                        },
                        1,
                        1,
                        TimeUnit.SECONDS);
                clock.advanceTimeBy(Duration.ofSeconds(3));
                three.await();
                periodic.dispose();
                settle();
                assertThat(uncaught).hasSizeGreaterThanOrEqualTo(2);
            } finally {
                Schedulers.resetOnHandleError();
            }
        }

        @Test
        void intervalAndDelayCompose() {
            assertThat(Flux.interval(Duration.ofMillis(10), scheduler)
                            .doOnSubscribe(s -> clock.advanceTimeBy(Duration.ZERO))
                            .take(3)
                            .mergeWith(
                                    Flux.<Long>empty().doOnSubscribe(s -> clock.advanceTimeBy(Duration.ofSeconds(1))))
                            .collectList()
                            .block())
                    .containsExactly(0L, 1L, 2L);
        }

        @Test
        void closingGivesUpWhatIsNotDue() {
            AtomicBoolean ran = new AtomicBoolean();
            Disposable delayed = scheduler.schedule(() -> ran.set(true), 1, TimeUnit.SECONDS);
            Disposable periodic = scheduler.schedulePeriodically(() -> ran.set(true), 1, 1, TimeUnit.SECONDS);
            StepVerifier.create(scheduler.disposeGracefully()).verifyComplete();
            clock.advanceTimeBy(Duration.ofSeconds(5));
            assertThat(ran).isFalse();
            assertThat(delayed.isDisposed()).isTrue();
            assertThat(periodic.isDisposed()).isTrue();
        }
    }

    @Test
    void aPeriodOfZeroRunsAgainAndAgain() throws Exception {
        CountDownLatch many = new CountDownLatch(100);
        Disposable periodic = scheduler.schedulePeriodically(many::countDown, 0, 0, TimeUnit.SECONDS);
        many.await();
        periodic.dispose();
    }

    @Test
    void aPeriodicTaskThatRunsWhenItsPoolClosesMayEnd() throws Exception {
        CountDownLatch inside = new CountDownLatch(1);
        AtomicBoolean interrupted = new AtomicBoolean();
        scheduler.schedulePeriodically(
                () -> {
                    inside.countDown();
                    waitForRelease();
                    interrupted.compareAndSet(false, Thread.currentThread().isInterrupted());
                },
                0,
                1,
                TimeUnit.MILLISECONDS);
        inside.await();
        pool.close();
        release.countDown();
        pool.terminated().block();
        assertThat(interrupted).isFalse();
    }

    @Test
    void aDisposedTaskDoesNotRunAndFreesItsPlace() throws Exception {
        for (int i = 0; i < 3; i++) {
            CountDownLatch inside = new CountDownLatch(1);
            scheduler.schedule(() -> {
                inside.countDown();
                waitForRelease();
            });
            inside.await();
        }
        AtomicBoolean ran = new AtomicBoolean();
        Disposable waiting = scheduler.schedule(() -> ran.set(true));
        assertThat(pool.statistics().queued()).isEqualTo(1);
        waiting.dispose();
        assertThat(waiting.isDisposed()).isTrue();
        assertThat(pool.statistics().queued()).isZero();
        release.countDown();
        pool.close();
        pool.terminated().block();
        assertThat(ran).isFalse();
    }

    @Test
    void fullItRefusesWithItsNumbersAndClosedAsReactorDoes() throws Exception {
        try (Offload small = Offload.bounded("small", 1, 1)) {
            CountDownLatch inside = new CountDownLatch(1);
            small.scheduler().schedule(() -> {
                inside.countDown();
                waitForRelease();
            });
            inside.await();
            Disposable later = small.scheduler().schedule(() -> {}, 1, TimeUnit.DAYS); // holds a place
            assertThatThrownBy(() -> small.scheduler().schedule(() -> {}))
                    .isInstanceOfSatisfying(OffloadRejectedException.class, full -> {
                        assertThat(full.active()).isEqualTo(1);
                        assertThat(full.queued()).isEqualTo(1);
                    });
            later.dispose();
            release.countDown();
            small.scheduler().dispose();
            assertThat(small.scheduler().isDisposed()).isTrue();
            assertThatThrownBy(() -> small.scheduler().schedule(() -> {}))
                    .isInstanceOf(RejectedExecutionException.class)
                    .hasMessage("Scheduler unavailable")
                    .hasCauseInstanceOf(OffloadRejectedException.class);
            assertThatThrownBy(() -> small.scheduler().createWorker().schedule(() -> {}))
                    .isInstanceOf(RejectedExecutionException.class);
            StepVerifier.create(Mono.just(1).subscribeOn(small.scheduler()))
                    .verifyError(RejectedExecutionException.class);
        }
    }

    @Test
    void decoratorsApplyAndUncaughtErrorsReachTheHook() throws Exception {
        AtomicInteger decorated = new AtomicInteger();
        List<Throwable> uncaught = new CopyOnWriteArrayList<>();
        CountDownLatch told = new CountDownLatch(2);
        Schedulers.onScheduleHook("test", task -> () -> {
            decorated.incrementAndGet();
            task.run();
        });
        Schedulers.onHandleError((thread, error) -> {
            uncaught.add(error);
            told.countDown();
        });
        try {
            Runnable bad = () -> {
                throw new IllegalStateException("made up");
            };
            scheduler.schedule(bad);
            scheduler.createWorker().schedule(bad);
            told.await();
        } finally {
            Schedulers.resetOnScheduleHook("test");
            Schedulers.resetOnHandleError();
        }
        assertThat(decorated.get()).isGreaterThanOrEqualTo(2);
        assertThat(uncaught).hasSize(2).allSatisfy(e -> assertThat(e).hasMessage("made up"));
    }

    @Test
    void theSharedOnesCannotBeDisposed() {
        Offload.cpuScheduler().dispose();
        Offload.blockingScheduler().disposeGracefully().block();
        assertThat(Offload.cpuScheduler().isDisposed()).isFalse();
        assertThat(Mono.just(1).subscribeOn(Offload.cpuScheduler()).block()).isEqualTo(1);
        assertThat(Mono.just(1).subscribeOn(Offload.blockingScheduler()).block())
                .isEqualTo(1);
    }

    @Test
    void itsThreadsMayBlock() {
        assertThat(Mono.fromCallable(() -> Mono.just(1)
                                .hide()
                                .delayElement(Duration.ofMillis(1))
                                .block())
                        .subscribeOn(Offload.cpuScheduler())
                        .block())
                .isEqualTo(1);
    }

    @Test
    void isSeenByAScan() {
        Scannable seen = Scannable.from(scheduler);
        assertThat(seen.name()).isEqualTo("laws");
        assertThat(seen.scan(Scannable.Attr.CAPACITY)).isEqualTo(3);
        assertThat(scheduler).hasToString("Offload(laws)");
        assertThat(Scannable.from(scheduler.createWorker()).scan(Scannable.Attr.PARENT))
                .isSameAs(scheduler);
    }
}
