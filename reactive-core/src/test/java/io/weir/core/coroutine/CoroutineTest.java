package io.weir.core.coroutine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weir.core.sync.AsyncQueue;
import io.weir.core.task.Deadline;
import io.weir.core.task.DeadlineExceededException;
import io.weir.core.task.Outcome;
import io.weir.core.task.Task;
import io.weir.core.task.TaskGroup;
import io.weir.core.task.TaskTree;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Operators;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;

class CoroutineTest {
    private static final Duration LONG = Duration.ofSeconds(20);

    @AfterEach
    void noTaskIsLeft() {
        assertThat(TaskTree.snapshot()).isEmpty();
    }

    private static Mono<Integer> later(int value) {
        return Mono.just(value).delayElement(Duration.ofMillis(1));
    }

    @Nested
    class Async {
        @Test
        void emitsWhatTheBodyReturns() {
            StepVerifier.create(Coroutine.async(() -> Coroutine.await(later(1)) + Coroutine.await(later(2))))
                    .expectNext(3)
                    .verifyComplete();
            StepVerifier.create(Coroutine.async(() -> null)).verifyComplete();
            StepVerifier.create(Coroutine.async(() -> {
                        throw new IOException("disk");
                    }))
                    .verifyErrorSatisfies(error ->
                            assertThat(error).isInstanceOf(IOException.class).hasMessage("disk"));
            StepVerifier.create(Coroutine.async(() -> {
                        throw new AssertionError("error");
                    }))
                    .verifyError(AssertionError.class);
        }

        @Test
        void isColdAndRunsTheBodyOncePerSubscription() {
            AtomicInteger runs = new AtomicInteger();
            Mono<Integer> mono = Coroutine.async(runs::incrementAndGet);
            assertThat(runs).hasValue(0);
            StepVerifier.create(mono, 0)
                    .expectSubscription()
                    .thenRequest(1)
                    .expectNext(1)
                    .verifyComplete();
            StepVerifier.create(mono).expectNext(2).verifyComplete();
        }

        @Test
        void cancelledBeforeTheRequestItNeverRuns() {
            AtomicBoolean ran = new AtomicBoolean();
            StepVerifier.create(Coroutine.async(() -> ran.getAndSet(true)), 0)
                    .thenCancel()
                    .verify();
            assertThat(ran).isFalse();
        }

        @Test
        void aMillionAwaitsInARowNeedNoStack() {
            StepVerifier.create(Coroutine.async(() -> {
                        long sum = 0;
                        Mono<Integer> hidden = Mono.just(1).hide();
                        for (int i = 0; i < 1_000_000; i++) {
                            sum += Coroutine.await(hidden);
                        }
                        return sum;
                    }))
                    .expectNext(1_000_000L)
                    .verifyComplete();
        }

        @Test
        void manyBodiesMayAwaitEachOther() {
            int depth = 100;
            Mono<Integer> nested = Mono.just(0);
            for (int i = 0; i < depth; i++) {
                Mono<Integer> inner = nested;
                nested = Coroutine.async(() -> Coroutine.await(inner) + 1);
            }
            StepVerifier.create(nested).expectNext(depth).expectComplete().verify(LONG);
        }

        @Test
        void oneTooManyIsRejectedWithTheLimit() {
            if (io.weir.core.offload.Offload.hasVirtualThreads()) {
                return; // a million is the limit there; the other kind of threads is tested on the older JDK
            }
            CountDownLatch leave = new CountDownLatch(1);
            List<CompletableFuture<Boolean>> running = new ArrayList<>();
            CountDownLatch inside = new CountDownLatch(Threads.PLATFORM);
            for (int i = 0; i < Threads.PLATFORM; i++) {
                running.add(Coroutine.async(() -> {
                            inside.countDown();
                            leave.await();
                            return true;
                        })
                        .toFuture());
            }
            StepVerifier.create(Coroutine.async(() -> 1))
                    .verifyErrorSatisfies(error -> assertThat(error)
                            .isInstanceOf(CoroutineRejectedException.class)
                            .hasMessageContaining("256 are running, which is the limit"));
            leave.countDown();
            assertThat(running).allSatisfy(future -> assertThat(future.join()).isTrue());
        }
    }

    @Nested
    class Awaiting {
        @Test
        void whatIsCompleteIsNotSubscribed() {
            assertThat(Coroutine.await(Mono.just(1))).isEqualTo(1);
            assertThat(Coroutine.<Object>await(Mono.empty())).isNull();
            assertThat(Coroutine.await(Mono.fromCallable(() -> "called"))).isEqualTo("called");
            assertThatThrownBy(() -> Coroutine.await(Mono.error(new IOException("told"))))
                    .isInstanceOf(IOException.class)
                    .hasMessage("told");
        }

        @Test
        void itReturnsOnCompletionAndNotOnTheValue() {
            AtomicBoolean completed = new AtomicBoolean();
            Sinks.Empty<Void> gate = Sinks.empty();
            Mono<Integer> slow = Flux.concat(Mono.just(1), gate.asMono().cast(Integer.class))
                    .doOnComplete(() -> completed.set(true))
                    .last();
            Schedulers.parallel().schedule(gate::tryEmitEmpty);
            assertThat(Coroutine.await(slow)).isEqualTo(1);
            assertThat(completed).isTrue();
        }

        @Test
        void theErrorIsTheOriginalAndTellsWhoAwaited() {
            IllegalStateException original = new IllegalStateException("original");
            assertThatThrownBy(() -> awaitsIt(original))
                    .isSameAs(original)
                    .satisfies(error -> assertThat(error.getSuppressed()[0].getStackTrace())
                            .anySatisfy(
                                    frame -> assertThat(frame.getMethodName()).isEqualTo("awaitsIt")));
        }

        private void awaitsIt(Throwable error) {
            Coroutine.await(Mono.error(error).delaySubscription(Duration.ofMillis(1)));
        }

        @Test
        void anErrorAwaitedOftenDoesNotGrow() {
            IllegalStateException original = new IllegalStateException("shared");
            for (int i = 0; i < 1000; i++) {
                assertThatThrownBy(() -> Coroutine.await(Mono.error(original).hide()))
                        .isSameAs(original);
            }
            assertThat(original.getSuppressed().length).isLessThan(10);
        }

        @Test
        void onAThreadThatMustNotBlockItSaysWhatToDo() {
            StepVerifier.create(
                            Mono.fromCallable(() -> Coroutine.await(later(1))).subscribeOn(Schedulers.parallel()))
                    .verifyErrorSatisfies(error -> assertThat(error)
                            .isInstanceOf(IllegalStateException.class)
                            .hasMessageContaining("run the body with Coroutine.async"));
        }

        @Test
        void anInterruptOfThePlainThreadEndsTheWaitAndKeepsTheFlag() {
            Thread.currentThread().interrupt();
            AtomicBoolean cancelled = new AtomicBoolean();
            assertThatThrownBy(() -> Coroutine.await(Mono.never().doOnCancel(() -> cancelled.set(true))))
                    .isInstanceOf(CoroutineCancelledException.class);
            assertThat(Thread.interrupted()).isTrue();
            assertThat(cancelled).isTrue();
        }

        @Test
        void theContextOfTheSubscriberReachesWhatIsAwaited() {
            Mono<String> user = Mono.deferContextual(context -> Mono.just(context.<String>get("user")));
            StepVerifier.create(Coroutine.async(() -> Coroutine.await(user) + Coroutine.await(later(1)))
                            .contextWrite(context -> context.put("user", "ada")))
                    .expectNext("ada1")
                    .verifyComplete();
        }
    }

    @Nested
    class Cancelling {
        @Test
        void cancelsWhatIsAwaitedAndRunsFinally() throws Exception {
            CountDownLatch waiting = new CountDownLatch(1);
            CountDownLatch ended = new CountDownLatch(1);
            AtomicBoolean cancelled = new AtomicBoolean();
            List<String> log = Collections.synchronizedList(new ArrayList<>());
            Disposable running = Coroutine.async(() -> {
                        try {
                            return Coroutine.await(Mono.never()
                                    .doOnSubscribe(s -> waiting.countDown())
                                    .doOnCancel(() -> cancelled.set(true)));
                        } catch (CoroutineCancelledException e) {
                            log.add("cancelled");
                            try {
                                Coroutine.await(later(1));
                            } catch (CoroutineCancelledException again) {
                                log.add("again");
                            }
                            log.add("shielded " + Coroutine.awaitShielded(LONG, later(7)));
                            throw e;
                        } finally {
                            ended.countDown();
                        }
                    })
                    .subscribe();
            waiting.await();
            running.dispose();
            ended.await();
            assertThat(log).containsExactly("cancelled", "again", "shielded 7");
            assertThat(cancelled).isTrue();
            awaitEmptyTree();
        }

        @Test
        void interruptsABodyThatBlocks() throws Exception {
            CountDownLatch blocked = new CountDownLatch(1);
            CompletableFuture<Boolean> interrupted = new CompletableFuture<>();
            Disposable running = Coroutine.async(() -> {
                        blocked.countDown();
                        try {
                            new CountDownLatch(1).await();
                        } catch (InterruptedException e) {
                            interrupted.complete(true);
                        }
                        return 1;
                    })
                    .subscribe();
            blocked.await();
            running.dispose();
            assertThat(interrupted.get()).isTrue();
            awaitEmptyTree();
        }

        @Test
        void aShieldedWaitIsBounded() {
            assertThatThrownBy(() -> Coroutine.awaitShielded(Duration.ofMillis(20), Mono.never()))
                    .isInstanceOf(CoroutineCancelledException.class)
                    .hasMessageContaining("PT0.02S");
        }

        @Test
        void theGroupWaitsForABodyThatCleansUp() throws Exception {
            CountDownLatch waiting = new CountDownLatch(1);
            Sinks.One<String> cleaned = Sinks.one();
            AtomicReference<Task<Object>> task = new AtomicReference<>();
            CompletableFuture<String> group = TaskGroup.using(g -> {
                        task.set(g.start("body", Coroutine.async(() -> {
                            try {
                                return Coroutine.await(Mono.never().doOnSubscribe(s -> waiting.countDown()));
                            } finally {
                                Coroutine.awaitShielded(LONG, cleaned.asMono());
                            }
                        })));
                        return Mono.just("body of the group");
                    })
                    .toFuture();
            waiting.await();
            task.get().cancel("enough");
            assertThat(task.get().state()).isEqualTo(Task.State.ENDING);
            assertThat(group).isNotDone();
            cleaned.tryEmitValue("done");
            assertThat(group.get()).isEqualTo("body of the group");
            assertThat((Object) task.get().outcome().orElseThrow()).isEqualTo(new Outcome.Cancelled<>("enough"));
        }

        @Test
        void aDeadlineReachesTheBodyAndTellsWhatItAwaited() {
            AsyncQueue<Integer> queue = AsyncQueue.bounded(1);
            StepVerifier.create(Deadline.within(
                            Duration.ofMillis(200), Coroutine.async(() -> Coroutine.await(queue.take()))))
                    .verifyErrorSatisfies(error -> assertThat(error)
                            .isInstanceOf(DeadlineExceededException.class)
                            .hasMessageContaining("while waiting on"));
            awaitEmptyTree();
            assertThat(queue.statistics().waitingTakers()).isZero();
        }

        @Test
        void aValueThatIsReturnedAllTheSameIsDiscarded() throws Exception {
            CountDownLatch inside = new CountDownLatch(1);
            CompletableFuture<Object> discarded = new CompletableFuture<>();
            Disposable running = Coroutine.async(() -> {
                        inside.countDown();
                        try {
                            new CountDownLatch(1).await();
                        } catch (InterruptedException e) {
                            // goes on, as some code does
                        }
                        return "stubborn";
                    })
                    .contextWrite(context -> Operators.enableOnDiscard(context, discarded::complete))
                    .subscribe();
            inside.await();
            running.dispose();
            assertThat(discarded.get()).isEqualTo("stubborn");
            awaitEmptyTree();
        }

        @Test
        void atRandomMomentsLeavesNoTaskNoSubscriptionAndNoFlag() throws Exception {
            Random random = new Random(3);
            AtomicInteger subscribed = new AtomicInteger();
            AtomicInteger gone = new AtomicInteger();
            AtomicInteger dirty = new AtomicInteger();
            Mono<Integer> counted = Mono.just(1)
                    .publishOn(Schedulers.parallel())
                    .doOnSubscribe(s -> subscribed.incrementAndGet())
                    .doFinally(end -> gone.incrementAndGet());
            for (int i = 0; i < 10_000; i++) {
                Disposable running = Coroutine.async(() -> {
                            if (Thread.currentThread().isInterrupted()
                                    && !CoroutineRun.current().isCancelled()) {
                                dirty.incrementAndGet();
                            }
                            int sum = 0;
                            for (int k = 0; k < 5; k++) {
                                sum += Coroutine.await(counted);
                            }
                            return sum;
                        })
                        .subscribe(value -> {}, error -> {});
                for (int spin = random.nextInt(3000); spin > 0; spin--) {
                    Thread.onSpinWait();
                }
                running.dispose();
            }
            awaitEmptyTree();
            long until = System.nanoTime() + LONG.toNanos();
            while (subscribed.get() != gone.get() && System.nanoTime() < until) {
                Thread.onSpinWait();
            }
            assertThat(gone.get()).isEqualTo(subscribed.get()).isPositive();
            assertThat(dirty).hasValue(0);
        }
    }

    @Nested
    class Seen {
        @Test
        void theTreeShowsTheBodyAndWhatItAwaits() throws Exception {
            AsyncQueue<Integer> queue = AsyncQueue.bounded(1);
            CompletableFuture<Integer> reader = Coroutine.async("reader", () -> Coroutine.await(queue.take()))
                    .toFuture();
            long until = System.nanoTime() + LONG.toNanos();
            while (!TaskTree.dump().contains("queue.take") && System.nanoTime() < until) {
                Thread.onSpinWait();
            }
            assertThat(TaskTree.dump()).containsPattern("group reader OPEN [0-9.]+ m?s <- queue.take\n");
            queue.tryPut(5);
            assertThat(reader.get()).isEqualTo(5);
        }
    }

    static void awaitEmptyTree() {
        long until = System.nanoTime() + LONG.toNanos();
        while (!TaskTree.snapshot().isEmpty() && System.nanoTime() < until) {
            Thread.onSpinWait();
        }
        assertThat(TaskTree.dump()).startsWith("0 tasks in 0 groups");
    }
}
