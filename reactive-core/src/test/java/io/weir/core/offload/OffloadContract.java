package io.weir.core.offload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.reactivestreams.Subscription;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.Scannable;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;
import reactor.util.context.Context;

/** What every pool does, whatever its threads are. */
abstract class OffloadContract {
    private final Threads kind;
    private final Offload pool;
    private final CountDownLatch release = new CountDownLatch(1);

    OffloadContract(Threads kind) {
        this.kind = kind;
        pool = new Offload("small", 1, 2, kind, false);
    }

    @AfterEach
    void end() {
        release.countDown();
        pool.close();
        pool.terminated().block();
    }

    /** Keeps the pool's one worker busy until {@link #release}. */
    private Disposable occupy() throws InterruptedException {
        CountDownLatch started = new CountDownLatch(1);
        Disposable call = pool.call(() -> {
                    started.countDown();
                    release.await();
                    return 0;
                })
                .subscribe();
        started.await();
        return call;
    }

    @Test
    void runsOffTheCallersThreadAndSignalsOnTheWorker() {
        StepVerifier.create(Offload.cpu(() -> Thread.currentThread().getName())
                        .map(name -> List.of(name, Thread.currentThread().getName())))
                .assertNext(names -> {
                    assertThat(names.get(0)).startsWith("weir-cpu-");
                    assertThat(names.get(1)).isEqualTo(names.get(0));
                })
                .verifyComplete();
        assertThat(Offload.blocking(() -> Thread.currentThread().getName()).block())
                .startsWith("weir-blocking-");
    }

    @Test
    void runsOncePerSubscriptionAndNotBefore() {
        AtomicInteger runs = new AtomicInteger();
        Mono<Integer> call = pool.call(runs::incrementAndGet);
        assertThat(runs).hasValue(0);
        call.block();
        call.block();
        assertThat(runs).hasValue(2);
    }

    @Test
    void nullIsEmptyAndExceptionsArriveAsTheyAre() {
        StepVerifier.create(pool.call(() -> null)).verifyComplete();
        IOException checked = new IOException("disk");
        StepVerifier.create(pool.call(() -> {
                    throw checked;
                }))
                .verifyErrorSatisfies(e -> assertThat(e).isSameAs(checked));
        StepVerifier.create(pool.call(() -> {
                    throw new StackOverflowError();
                }))
                .verifyError(StackOverflowError.class);
    }

    @Test
    void aFullPoolRefusesWithItsNumbers() throws Exception {
        occupy();
        pool.call(() -> 1).subscribe();
        pool.call(() -> 2).subscribe();
        StepVerifier.create(pool.call(() -> 3))
                .verifyErrorSatisfies(e -> assertThat(e)
                        .isInstanceOfSatisfying(OffloadRejectedException.class, full -> {
                            assertThat(full.pool()).isEqualTo("small");
                            assertThat(full.threads()).isEqualTo(1);
                            assertThat(full.active()).isEqualTo(1);
                            assertThat(full.queued()).isEqualTo(2);
                            assertThat(full.queueCapacity()).isEqualTo(2);
                        })
                        .hasMessage("pool 'small' is full: 1 of 1 threads busy, 2 of 2 calls queued"));
    }

    @Test
    void aClosedPoolRefusesAndSaysSo() {
        pool.close();
        StepVerifier.create(pool.call(() -> 3))
                .verifyErrorMatches(e ->
                        e instanceof OffloadRejectedException && e.getMessage().contains("is closed"));
    }

    @Test
    void aCallCancelledInTheQueueNeverRunsAndFreesItsPlace() throws Exception {
        occupy();
        AtomicBoolean ran = new AtomicBoolean();
        pool.call(() -> 1).subscribe();
        Disposable waiting = pool.call(() -> {
                    ran.set(true);
                    return 2;
                })
                .subscribe();
        waiting.dispose();
        Sinks.One<Integer> third = Sinks.one();
        pool.call(() -> 3).subscribe(third::tryEmitValue, third::tryEmitError);
        release.countDown();
        assertThat(third.asMono().block()).isEqualTo(3);
        assertThat(ran).isFalse();
    }

    @Test
    void cancelInterruptsTheCallThatRunsAndNoOther() throws Exception {
        Disposable call = occupy();
        Mono<Boolean> next = pool.call(() -> Thread.currentThread().isInterrupted());
        Sinks.One<Boolean> flag = Sinks.one();
        next.subscribe(flag::tryEmitValue);
        call.dispose();
        assertThat(flag.asMono().block()).isFalse();
    }

    @Test
    void theInterruptNeverReachesTheNextCall() {
        AtomicInteger leaked = new AtomicInteger();
        for (int i = 0; i < 3000; i++) {
            Disposable call = pool.call(() -> 1).subscribe();
            for (int spin = 0; spin < i % 300; spin++) {
                Thread.onSpinWait();
            }
            call.dispose();
            if (Boolean.TRUE.equals(
                    pool.call(() -> Thread.currentThread().isInterrupted()).block())) {
                leaked.incrementAndGet();
            }
        }
        assertThat(leaked).hasValue(0);
    }

    @Test
    void aValueReturnedAfterACancelIsDiscarded() throws Exception {
        List<Object> discarded = new ArrayList<>();
        CountDownLatch started = new CountDownLatch(1);
        SynchronousQueue<Boolean> ended = new SynchronousQueue<>();
        Disposable call = pool.call(() -> {
                    started.countDown();
                    try {
                        release.await();
                    } catch (InterruptedException e) {
                        // returns all the same
                    }
                    return "late";
                })
                .doOnDiscard(String.class, discarded::add)
                .subscribe();
        started.await();
        call.dispose();
        pool.call(() -> ended.offer(true)).block(); // the one worker is past the first call
        assertThat(discarded).containsExactly("late");
    }

    @Test
    void theSchedulersComposeWithReactor() {
        assertThat(Flux.range(0, 3)
                        .publishOn(Offload.cpuScheduler())
                        .map(i -> Thread.currentThread().getName())
                        .blockLast())
                .startsWith("weir-cpu-");
        assertThat(Mono.fromCallable(() -> Thread.currentThread().getName())
                        .subscribeOn(pool.scheduler())
                        .block())
                .startsWith("small-");
    }

    @Test
    void workersAreDaemons() {
        assertThat(pool.call(() -> Thread.currentThread().isDaemon()).block()).isTrue();
    }

    @Test
    void refusesAPoolWithoutThreadsOrRoom() {
        assertThatThrownBy(() -> Offload.bounded("none", 0, 1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Offload.bounded("none", 1, 0)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void tellsItsState() throws Exception {
        occupy();
        assertThat(pool).hasToString("Offload[small, active: 1/1, queued: 0/2]");
    }

    @Test
    void runsOnTheKindOfThreadItWasMadeFor() {
        Thread worker = pool.call(Thread::currentThread).block();
        assertThat(worker.getClass().getSimpleName().equals("VirtualThread")).isEqualTo(kind == Threads.VIRTUAL);
        assertThat(worker.getName()).isEqualTo("small-1");
    }

    @Test
    void countsHowEachCallEnded() throws Exception {
        Disposable running = occupy();
        Disposable waiting = pool.call(() -> 1).subscribe();
        Sinks.One<Throwable> failure = Sinks.one();
        pool.call(() -> {
                    throw new IOException("disk");
                })
                .subscribe(x -> {}, failure::tryEmitValue);
        StepVerifier.create(pool.call(() -> 2)).verifyError(OffloadRejectedException.class);
        Offload.Statistics full = pool.statistics();
        assertThat(full.active()).isEqualTo(1);
        assertThat(full.queued()).isEqualTo(2);
        assertThat(full.rejected()).isEqualTo(1);

        waiting.dispose();
        assertThat(pool.statistics().cancelled()).isEqualTo(1);
        assertThat(pool.statistics().queued()).isEqualTo(1);
        running.dispose();
        assertThat(failure.asMono().block()).isInstanceOf(IOException.class);
        pool.call(() -> 3).block();

        Offload.Statistics end = pool.statistics();
        assertThat(end.done()).isEqualTo(1);
        assertThat(end.failed()).isEqualTo(1);
        assertThat(end.cancelled()).isEqualTo(2);
        assertThat(end.rejected()).isEqualTo(1);
        assertThat(end.active()).isZero();
        assertThat(end.queued()).isZero();
        assertThat(end.name()).isEqualTo("small");
        assertThat(end.threads()).isEqualTo(1);
        assertThat(end.queueCapacity()).isEqualTo(2);
    }

    @Test
    void busyTimeIsWhatTheWorkersSpentAtWork() {
        long start = System.nanoTime();
        long spent = pool.call(() -> {
                    long begin = System.nanoTime();
                    while (System.nanoTime() - begin < 3_000_000) {
                        Thread.onSpinWait();
                    }
                    return System.nanoTime() - begin;
                })
                .block();
        Duration busy = pool.statistics().busyTime();
        assertThat(busy.toNanos()).isBetween(spent, System.nanoTime() - start);
    }

    @Test
    void aSubscriberMayStartTheNextCallFromTheLastOnesSignal() {
        AtomicInteger runs = new AtomicInteger();
        Flux.range(0, 1000).flatMap(i -> pool.call(runs::incrementAndGet), 3).blockLast(); // as many as fit in all
        assertThat(runs).hasValue(1000);
        assertThat(pool.statistics().rejected()).isZero();
    }

    @Test
    void aCallMayWaitForAnotherOfItsPool() {
        try (Offload two = new Offload("two", 2, 10, kind, false)) {
            for (int i = 0; i < 200; i++) { // each time the other thread is to be found, spinning, guarding or parked
                assertThat(two.call(() -> two.call(() -> 1).block()).block()).isEqualTo(1);
            }
        }
    }

    @Test
    void callsThatBlockAllRunAtOnceUpToTheBound() throws Exception {
        try (Offload wide = new Offload("wide", 12, 100, kind, false)) {
            CountDownLatch all = new CountDownLatch(12);
            Flux.range(0, 12)
                    .flatMap(i -> wide.call(() -> {
                        all.countDown();
                        all.await(); // ends only if all twelve are inside
                        return i;
                    }))
                    .blockLast();
            assertThat(wide.statistics().done()).isEqualTo(12);
        }
    }

    /** None of them blocks for long enough to be seen stuck, and some worker always comes back in time for the queue's head. */
    @Test
    void callsThatWaitALittleEachGetAllThreads() {
        try (Offload wide = new Offload("wide", 12, 20_000, kind, false)) {
            AtomicInteger inside = new AtomicInteger();
            int most = Flux.range(0, 20_000)
                    .flatMap(
                            i -> wide.call(() -> {
                                int now = inside.incrementAndGet();
                                LockSupport.parkNanos(50_000);
                                inside.decrementAndGet();
                                return now;
                            }),
                            20_000)
                    .reduce(Math::max)
                    .block();
            assertThat(most).isGreaterThan(10);
        }
    }

    @Test
    @SuppressWarnings("ThreadPriorityCheck") // a hint to the scheduler, to make trouble likelier
    void noMoreCallsRunAtOnceThanThereAreThreads() {
        try (Offload three = new Offload("three", 3, 1000, kind, false)) {
            AtomicInteger inside = new AtomicInteger();
            int most = Flux.range(0, 1000)
                    .flatMap(
                            i -> three.call(() -> {
                                int now = inside.incrementAndGet();
                                Thread.yield();
                                inside.decrementAndGet();
                                return now;
                            }),
                            500)
                    .reduce(Math::max)
                    .block();
            assertThat(most).isLessThanOrEqualTo(3);
        }
    }

    @Test
    void callsRunInTheOrderTheyCame() throws Exception {
        Offload one = new Offload("one", 1, 100, kind, false);
        List<Integer> order = new ArrayList<>();
        CountDownLatch go = new CountDownLatch(1);
        one.call(() -> {
                    go.await();
                    return 0;
                })
                .subscribe();
        for (int i = 0; i < 50; i++) {
            int number = i;
            one.call(() -> order.add(number)).subscribe();
        }
        go.countDown();
        one.close();
        one.terminated().block();
        assertThat(order).hasSize(50).isSorted();
    }

    @Test
    void manyCancelledCallsLeaveNothingInTheQueue() throws Exception {
        occupy();
        for (int i = 0; i < 100_000; i++) {
            pool.call(() -> 1).subscribe().dispose();
        }
        assertThat(pool.pool().queue.length()).isLessThan(200);
        assertThat(pool.statistics().queued()).isZero();
        assertThat(pool.statistics().cancelled()).isEqualTo(100_000);
    }

    @Test
    void aFlagThatTheCallItselfLeavesIsClearedToo() {
        assertThat(pool.call(() -> {
                            Thread.currentThread().interrupt();
                            return 1;
                        })
                        .map(i -> Thread.currentThread().isInterrupted())
                        .block())
                .isFalse();
    }

    @Test
    void aCallThatCancelsItselfIsNotInterrupted() {
        Disposable.Swap self = Disposables.swap();
        Sinks.One<Boolean> flag = Sinks.one();
        CountDownLatch known = new CountDownLatch(1);
        self.update(pool.call(() -> {
                    known.await();
                    self.dispose();
                    flag.tryEmitValue(Thread.currentThread().isInterrupted());
                    return 1;
                })
                .subscribe());
        known.countDown();
        assertThat(flag.asMono().block()).isFalse();
    }

    @Test
    void aCancelAfterTheResultInterruptsNobody() {
        assertThat(pool.call(() -> 1)
                        .doOnCancel(() -> {})
                        .flatMapMany(Flux::just)
                        .take(1)
                        .map(i -> Thread.currentThread().isInterrupted())
                        .blockLast())
                .isFalse();
    }

    @Test
    void anErrorAfterACancelIsDroppedUnlessItTellsOfTheInterrupt() throws Exception {
        List<Throwable> dropped = new CopyOnWriteArrayList<>();
        for (boolean tells : new boolean[] {true, false}) {
            CountDownLatch inside = new CountDownLatch(1);
            Disposable call = pool.call(() -> {
                        inside.countDown();
                        try {
                            release.await();
                        } catch (InterruptedException e) {
                            throw tells ? new IllegalStateException("wrapped", e) : new IllegalStateException("other");
                        }
                        return 1;
                    })
                    .contextWrite(Context.of("reactor.onErrorDropped.local", (Consumer<Throwable>) dropped::add))
                    .subscribe();
            inside.await();
            call.dispose();
            pool.call(() -> 1).block();
        }
        assertThat(dropped).singleElement().satisfies(e -> assertThat(e).hasMessage("other"));
    }

    @Test
    void aSubscriberThatThrowsDoesNotEndTheWorker() {
        List<Throwable> uncaught = new CopyOnWriteArrayList<>();
        Schedulers.onHandleError((thread, error) -> uncaught.add(error));
        try {
            pool.call(() -> 1).subscribe(new BaseSubscriber<Integer>() {
                @Override
                protected void hookOnNext(Integer value) {
                    throw new OutOfMemoryError("made up");
                }
            });
            assertThat(pool.call(() -> 2).block()).isEqualTo(2);
        } finally {
            Schedulers.resetOnHandleError();
        }
        assertThat(uncaught).singleElement().isInstanceOf(OutOfMemoryError.class);
    }

    @Test
    void reactorsDecoratorsApplyToTheCall() {
        AtomicInteger decorated = new AtomicInteger();
        Schedulers.onScheduleHook("test", task -> () -> {
            decorated.incrementAndGet();
            task.run();
        });
        try {
            assertThat(pool.call(() -> 2).block()).isEqualTo(2);
        } finally {
            Schedulers.resetOnScheduleHook("test");
        }
        assertThat(decorated).hasValue(1);
    }

    @Test
    void isSeenByAScan() throws Exception {
        occupy();
        Mono<Integer> call = pool.call(() -> 1);
        AtomicReference<Subscription> subscription = new AtomicReference<>();
        call.doOnSubscribe(subscription::set).subscribe().dispose();
        assertThat(Scannable.from(call).name()).isEqualTo("offload.small");
        Scannable seen = Scannable.from(subscription.get());
        assertThat(seen.name()).isEqualTo("offload.small");
        assertThat(seen.scan(Scannable.Attr.CANCELLED)).isTrue();
        assertThat(seen.scan(Scannable.Attr.TERMINATED)).isFalse();
        assertThat(seen.scan(Scannable.Attr.ACTUAL)).isNotNull();
        assertThat(Scannable.from(Offload.cpu(() -> 1)).name()).isEqualTo("offload.cpu");
        assertThat(Scannable.from(Offload.blocking(() -> 1)).name()).isEqualTo("offload.blocking");
    }

    @Nested
    class Close {
        @Test
        void whatRunsAndWaitsStillRuns() throws Exception {
            occupy();
            Sinks.One<Integer> second = Sinks.one();
            pool.call(() -> 2).subscribe(second::tryEmitValue, second::tryEmitError);
            AtomicBoolean ended = new AtomicBoolean();
            pool.terminated().subscribe(x -> {}, e -> {}, () -> ended.set(true));
            pool.close();
            pool.close();
            assertThat(ended).isFalse();
            release.countDown();
            assertThat(second.asMono().block()).isEqualTo(2);
            pool.terminated().block();
            assertThat(ended).isTrue();
            assertThat(pool.statistics().done()).isEqualTo(2);
        }

        @Test
        void atOnceRefusesWhatWaitsAndInterruptsWhatRuns() throws Exception {
            Sinks.One<Throwable> running = Sinks.one();
            Sinks.One<Throwable> waiting = Sinks.one();
            CountDownLatch inside = new CountDownLatch(1);
            pool.call(() -> {
                        inside.countDown();
                        release.await();
                        return 1;
                    })
                    .subscribe(x -> {}, running::tryEmitValue);
            inside.await();
            pool.call(() -> 2).subscribe(x -> {}, waiting::tryEmitValue);
            pool.closeNow();
            assertThat(waiting.asMono().block())
                    .isInstanceOf(OffloadRejectedException.class)
                    .hasMessageContaining("is closed");
            assertThat(running.asMono().block()).isInstanceOf(InterruptedException.class);
            pool.terminated().block();
            assertThat(pool.statistics().failed()).isEqualTo(1);
            assertThat(pool.statistics().rejected()).isEqualTo(1);
        }

        @Test
        void aPoolThatDidNothingTerminatesAtOnce() {
            pool.close();
            StepVerifier.create(pool.terminated()).verifyComplete();
        }

        @Test
        void itsThreadsEnd() throws Exception {
            Thread worker = pool.call(Thread::currentThread).block();
            pool.close();
            worker.join();
            assertThat(worker.isAlive()).isFalse();
        }
    }
}
