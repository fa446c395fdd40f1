package io.weir.core.coroutine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import reactor.core.CoreSubscriber;
import reactor.core.Disposable;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Operators;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;
import reactor.util.context.Context;

/** Cancels that come from the body's own thread, in the middle of a clean-up, or beside a value. */
class CancelFromInsideTest {
    private static final Duration LONG = Duration.ofSeconds(20);

    @AfterEach
    void noTaskIsLeft() {
        CoroutineTest.awaitEmptyTree();
    }

    private static Flux<Integer> naturals(List<String> log) {
        return Coroutine.generate(out -> {
            try {
                for (int i = 0; ; i++) {
                    out.yield(i);
                    log.add("after " + i);
                }
            } finally {
                log.add("finally");
            }
        });
    }

    @Nested
    class InOnNext {
        @Test
        void theYieldThatEmittedItThrows() {
            List<String> log = Collections.synchronizedList(new ArrayList<>());
            CompletableFuture<Void> ended = new CompletableFuture<>();
            naturals(log).subscribe(new BaseSubscriber<>() {
                @Override
                protected void hookOnNext(Integer value) {
                    if (value == 1) {
                        cancel();
                        ended.complete(null);
                    }
                }
            });
            ended.join();
            awaitSize(log, 2);
            assertThat(log).containsExactly("after 0", "finally");
        }

        @Test
        void whatFollowsDownstreamIsNeitherInterruptedNorCancelled() {
            Mono<String> after = Mono.fromCallable(() -> {
                boolean interrupted = Thread.currentThread().isInterrupted();
                return interrupted + " " + Coroutine.await(Mono.just("awaited").hide());
            });
            StepVerifier.create(naturals(new ArrayList<>()).take(2).then(after))
                    .expectNext("false awaited")
                    .expectComplete()
                    .verify(LONG);
        }

        @Test
        void aSubscriberOnTheBodysThreadAwaitsWithoutTheBodysContext() {
            Mono<String> user = Mono.deferContextual(context -> Mono.just(context.getOrDefault("user", "none")));
            StepVerifier.create(Coroutine.<String>generate(out -> out.yield(Coroutine.await(user)))
                            .contextWrite(context -> context.put("user", "ada"))
                            .map(upstream -> upstream + " " + Coroutine.await(user)))
                    .expectNext("ada none")
                    .expectComplete()
                    .verify(LONG);
        }
    }

    @Nested
    class InTheMiddleOfAShieldedWait {
        @Test
        void theCleanUpIsWaitedForAndTheFlagIsKept() throws Exception {
            CountDownLatch cleaning = new CountDownLatch(1);
            Sinks.One<String> cleaned = Sinks.one();
            AtomicBoolean cut = new AtomicBoolean();
            CompletableFuture<String> seen = new CompletableFuture<>();
            AtomicReference<Thread> thread = new AtomicReference<>();
            Disposable running = Coroutine.async(() -> {
                        thread.set(Thread.currentThread());
                        String told = Coroutine.awaitShielded(
                                LONG,
                                cleaned.asMono()
                                        .doOnSubscribe(s -> cleaning.countDown())
                                        .doOnCancel(() -> cut.set(true)));
                        seen.complete(told + " " + Thread.currentThread().isInterrupted());
                        return 1;
                    })
                    .doOnError(seen::completeExceptionally)
                    .subscribe();
            cleaning.await();
            running.dispose();
            while (thread.get().isInterrupted() && !cut.get()) {
                Thread.onSpinWait(); // until it has noticed
            }
            cleaned.tryEmitValue("cleaned");
            assertThat(seen.get()).isEqualTo("cleaned true");
            assertThat(cut).isFalse();
        }

        @Test
        void anInterruptThatIsNoCancelEndsIt() {
            Thread.currentThread().interrupt();
            Thread waiting = Thread.currentThread();
            assertThatThrownBy(() -> Coroutine.awaitShielded(LONG, Mono.never().doOnSubscribe(s -> {
                        assertThat(Thread.interrupted()).isFalse(); // the one from before does not
                        waiting.interrupt();
                    })))
                    .isInstanceOf(CoroutineCancelledException.class)
                    .hasMessageContaining("was interrupted");
            assertThat(Thread.interrupted()).isTrue();
        }
    }

    @Nested
    class AndComplete {
        @Test
        void anAwaitOfAMonoThatIsCompleteThrowsToo() {
            CompletableFuture<Throwable> thrown = new CompletableFuture<>();
            AtomicReference<Disposable> self = new AtomicReference<>();
            CountDownLatch ready = new CountDownLatch(1);
            self.set(Coroutine.async(() -> {
                        ready.await();
                        self.get().dispose();
                        try {
                            return Coroutine.await(Mono.just(1));
                        } catch (Throwable t) {
                            thrown.complete(t);
                            throw t;
                        }
                    })
                    .subscribe());
            ready.countDown();
            assertThat(thrown.orTimeout(20, java.util.concurrent.TimeUnit.SECONDS)
                            .join())
                    .isInstanceOf(CoroutineCancelledException.class);
        }

        @Test
        void aValueThatComesAfterItIsDiscarded() {
            List<Object> discarded = new ArrayList<>();
            Context context = Operators.enableOnDiscard(Context.empty(), discarded::add);
            Await await = new Await(context);
            await.onSubscribe(Operators.emptySubscription());
            await.abandon();
            await.onNext("late");
            await.onComplete();
            assertThat(discarded).containsExactly("late");
        }

        @Test
        void aValueThatCameBeforeItIsDiscarded() {
            List<Object> discarded = new ArrayList<>();
            Await await = new Await(Operators.enableOnDiscard(Context.empty(), discarded::add));
            await.onSubscribe(Operators.emptySubscription());
            await.onNext("early");
            await.abandon();
            await.onComplete();
            assertThat(discarded).containsExactly("early");
        }
    }

    @Nested
    class OfAnIteration {
        @Test
        void aLoopOverASourceThatNeverWaitsNoticesIt() {
            CountDownLatch looping = new CountDownLatch(1);
            CompletableFuture<Throwable> thrown = new CompletableFuture<>();
            Disposable running = Coroutine.async(() -> {
                        long seen = 0;
                        try (AsyncIterator<Integer> all =
                                Coroutine.iterate(Flux.<Integer>generate(sink -> sink.next(1)))) {
                            for (int next : all) {
                                seen += next;
                                looping.countDown();
                            }
                        } catch (Throwable t) {
                            thrown.complete(t);
                            throw t;
                        }
                        return seen;
                    })
                    .subscribe();
            await(looping);
            running.dispose();
            assertThat(thrown.orTimeout(20, java.util.concurrent.TimeUnit.SECONDS)
                            .join())
                    .isInstanceOf(CoroutineCancelledException.class);
        }

        @Test
        void closingFromAnotherThreadEndsALoopThatWaits() {
            CountDownLatch waiting = new CountDownLatch(1);
            AtomicBoolean cancelled = new AtomicBoolean();
            AtomicReference<AsyncIterator<Integer>> iterator = new AtomicReference<>();
            CompletableFuture<Integer> sum = Coroutine.async(() -> {
                        int seen = 0;
                        try (AsyncIterator<Integer> all = Coroutine.iterate(
                                Flux.just(1, 2).concatWith(Mono.never()).doOnCancel(() -> cancelled.set(true)))) {
                            iterator.set(all);
                            for (int next : all) {
                                seen += next;
                                if (next == 2) {
                                    waiting.countDown();
                                }
                            }
                        }
                        return seen;
                    })
                    .toFuture();
            await(waiting);
            iterator.get().close();
            assertThat(sum.orTimeout(20, java.util.concurrent.TimeUnit.SECONDS).join())
                    .isEqualTo(3);
            assertThat(cancelled).isTrue();
        }

        @Test
        @SuppressWarnings("try") // closed before its block ends, which is what is tested
        void closedFromAnotherThreadAtRandomMomentsEveryElementIsSeenOrDiscardedOnce() {
            for (int round = 0; round < 300; round++) {
                List<Object> discarded = Collections.synchronizedList(new ArrayList<>());
                List<Integer> made = Collections.synchronizedList(new ArrayList<>());
                AtomicReference<AsyncIterator<Integer>> iterator = new AtomicReference<>();
                int most = round % 40;
                Integer seen = Coroutine.async(() -> {
                            int taken = 0;
                            try (AsyncIterator<Integer> all = Coroutine.iterate(
                                    Flux.<Integer>generate(sink -> {
                                                made.add(1);
                                                sink.next(made.size());
                                            })
                                            .subscribeOn(Schedulers.parallel()),
                                    8)) {
                                iterator.set(all);
                                while (all.hasNext()) {
                                    all.next();
                                    if (++taken == most) {
                                        Schedulers.parallel().schedule(all::close);
                                    } else if (most == 0 && taken == 1) {
                                        all.close();
                                    }
                                }
                            }
                            return taken;
                        })
                        .contextWrite(context -> Operators.enableOnDiscard(context, discarded::add))
                        .block(LONG);
                long until = System.nanoTime() + LONG.toNanos();
                while (seen + discarded.size() != made.size() && System.nanoTime() < until) {
                    Thread.onSpinWait();
                }
                assertThat(seen + discarded.size()).isEqualTo(made.size());
            }
        }

        /** Each element finds the iterating thread about to park: the wake-up must not be lost. */
        @Test
        void noWakeUpIsLostBetweenTheLookAndThePark() {
            int many = 300_000;
            Flux<Integer> oneByOne = Flux.from(subscriber -> {
                Thread producer = new Thread(new OneByOne((CoreSubscriber<? super Integer>) subscriber, many));
                producer.setDaemon(true);
                subscriber.onSubscribe(Operators.emptySubscription());
                producer.start();
            });
            assertThat(Coroutine.async(() -> {
                                int count = 0;
                                try (AsyncIterator<Integer> all = Coroutine.iterate(oneByOne, Integer.MAX_VALUE)) {
                                    for (int next : all) {
                                        count++;
                                        OneByOne.taken = next;
                                    }
                                }
                                return count;
                            })
                            .block(LONG.multipliedBy(2)))
                    .isEqualTo(many);
        }
    }

    private static final class OneByOne implements Runnable {
        static volatile int taken;
        private final CoreSubscriber<? super Integer> subscriber;
        private final int many;

        OneByOne(CoreSubscriber<? super Integer> subscriber, int many) {
            this.subscriber = subscriber;
            this.many = many;
        }

        @Override
        public void run() {
            taken = 0;
            for (int i = 1; i <= many; i++) {
                while (taken != i - 1) {
                    Thread.onSpinWait();
                }
                subscriber.onNext(i);
            }
            subscriber.onComplete();
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static void awaitSize(List<String> log, int size) {
        long until = System.nanoTime() + LONG.toNanos();
        while (log.size() < size && System.nanoTime() < until) {
            Thread.onSpinWait();
        }
    }
}
