package io.weir.core.offload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.test.StepVerifier;

class OffloadTest {
    private final Offload pool = Offload.bounded("small", 1, 2);
    private final CountDownLatch release = new CountDownLatch(1);

    @AfterEach
    void end() {
        release.countDown();
        pool.close();
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
}
