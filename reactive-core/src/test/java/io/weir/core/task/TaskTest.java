package io.weir.core.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import reactor.core.CoreSubscriber;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Operators;
import reactor.core.publisher.Sinks;
import reactor.test.StepVerifier;
import reactor.test.publisher.TestPublisher;
import reactor.test.scheduler.VirtualTimeScheduler;
import reactor.util.context.Context;
import reactor.util.context.ContextView;

class TaskTest {
    private final TaskGroup group =
            TaskGroup.supervisor().name("test").onFailure((task, error) -> {}).open(Context.of("user", "ada"));
    private final TestPublisher<String> source = TestPublisher.createCold();

    @AfterEach
    void cancel() {
        group.cancel("end of the test");
        StepVerifier.create(group.terminated()).expectComplete().verify(Duration.ofSeconds(10));
    }

    @Nested
    class Join {
        @Test
        void tellsTheValueToAnyNumberBeforeAndAfterTheEnd() {
            Task<String> task = group.start("t", source.mono());
            StepVerifier.create(Mono.zip(task.join(), task.join()))
                    .expectSubscription()
                    .then(() -> source.emit("v"))
                    .assertNext(both -> assertThat(both).containsExactly("v", "v"))
                    .verifyComplete();
            StepVerifier.create(task.join()).expectNext("v").verifyComplete();
        }

        @Test
        void completesForAnEmptyTask() {
            StepVerifier.create(group.start("t", Mono.empty()).join()).verifyComplete();
        }

        @Test
        void tellsTheError() {
            StepVerifier.create(group.start("t", Mono.error(new IllegalStateException("broken")))
                            .join())
                    .verifyErrorMessage("broken");
        }

        @Test
        void tellsOfACancelWithItsReason() {
            Task<String> task = group.start("t", source.mono());
            task.cancel("enough");
            StepVerifier.create(task.join())
                    .verifyErrorSatisfies(error -> assertThat(error)
                            .isInstanceOfSatisfying(TaskCancelledException.class, cancelled -> {
                                assertThat(cancelled.task()).isEqualTo("t");
                                assertThat(cancelled.reason()).isEqualTo("enough");
                            }));
            StepVerifier.create(task.terminated()).verifyComplete();
        }

        @Test
        void cancelledDoesNotCancelTheTaskAndHoldsNothing() {
            Task<String> task = group.start("t", source.mono());
            Disposable join = task.join().subscribe();
            assertThat(((TaskRun<?>) task).isAwaited()).isTrue();
            join.dispose();
            assertThat(((TaskRun<?>) task).isAwaited()).isFalse();
            source.assertNotCancelled();
        }

        @Test
        void ofItselfIsAnError() {
            AtomicReference<Task<String>> self = new AtomicReference<>();
            Sinks.Empty<Void> gate = Sinks.empty();
            Task<String> task = group.start(
                    "t", gate.asMono().then(Mono.defer(() -> self.get().join())));
            self.set(task);
            gate.tryEmitEmpty();
            StepVerifier.create(task.join())
                    .verifyErrorMessage("'t' waits for the end of 't', which it is part of, so neither could end");
        }

        @Test
        void aChainOfAMillionNeedsNoStack() {
            Task<?> last = group.start("0", source.mono());
            for (int i = 1; i < 1_000_000; i++) {
                last = group.start("n", last.join());
            }
            source.emit("v");
            assertThat((Object) last.outcome()).isEqualTo(Optional.of(new Outcome.Success<>("v")));
        }
    }

    @Nested
    class Cancel {
        @Test
        void reachesTheMono() {
            Task<String> task = group.start("t", source.mono());
            assertThat(task.cancel()).isTrue();
            source.assertCancelled();
            assertThat(task.outcome()).contains(new Outcome.Cancelled<>(null));
        }

        @Test
        void afterTheEndDoesNothing() {
            Task<Integer> task = group.start("t", Mono.just(1));
            assertThat(task.cancel()).isFalse();
            assertThat(task.outcome()).contains(new Outcome.Success<>(1));
        }

        @Test
        void discardsAValueThatWasThereBeforeTheCompletion() {
            List<Object> discarded = new ArrayList<>();
            TaskGroup own = TaskGroup.supervisor().open(Operators.enableOnDiscard(Context.empty(), discarded::add));
            Task<String> task = own.start("t", new Mono<>() {
                @Override
                public void subscribe(CoreSubscriber<? super String> subscriber) {
                    subscriber.onSubscribe(Operators.emptySubscription());
                    subscriber.onNext("v"); // and the completion does not come
                }
            });
            task.cancel();
            assertThat(discarded).containsExactly("v");
            StepVerifier.create(own.close()).verifyComplete();
        }

        @Test
        void ofACallableThatRunsLeavesTheTaskEndingUntilItReturns() throws Exception {
            CountDownLatch inside = new CountDownLatch(1);
            CountDownLatch leave = new CountDownLatch(1);
            List<String> ended = new ArrayList<>();
            TaskGroup one = TaskGroup.supervisor().limit(1).open();
            one.start("gate", source.mono());
            Task<String> task = one.start("t", Mono.fromCallable(() -> {
                inside.countDown();
                leave.await();
                return "too late";
            }));
            task.onDone(outcome -> ended.add(outcome.toString()));
            Thread opener = new Thread(source::complete);
            opener.start();
            inside.await();
            assertThat(task.cancel("slow")).isTrue();
            assertThat(task.state()).isEqualTo(Task.State.ENDING);
            assertThat(ended).isEmpty();
            leave.countDown();
            opener.join();
            assertThat(task.state()).isEqualTo(Task.State.ENDED);
            assertThat(ended).containsExactly("Cancelled[reason=slow]");
            StepVerifier.create(one.close()).verifyComplete();
        }
    }

    @Nested
    class Holds {
        @Test
        void keepTheTaskFromEnding() {
            AtomicReference<Task.Hold> hold = new AtomicReference<>();
            Task<String> task = group.start("t", Mono.deferContextual(context -> {
                return source.mono().doOnCancel(() -> hold.set(Task.hold(context)));
            }));
            task.cancel();
            assertThat(task.state()).isEqualTo(Task.State.ENDING);
            assertThat(task.outcome()).isEmpty();
            hold.get().release();
            hold.get().release();
            assertThat(task.state()).isEqualTo(Task.State.ENDED);
        }

        @Test
        void afterTheEndHoldNothing() {
            AtomicReference<ContextView> context = new AtomicReference<>();
            Task<Integer> task = group.start("t", Mono.deferContextual(view -> {
                context.set(view);
                return Mono.just(1);
            }));
            assertThat(Task.hold(context.get())).isSameAs(TaskHold.NONE);
            assertThat(task.state()).isEqualTo(Task.State.ENDED);
        }

        @Test
        void outsideOfATaskHoldNothing() {
            assertThat(Task.hold(Context.empty())).isSameAs(TaskHold.NONE);
        }
    }

    @Nested
    class OnDone {
        @Test
        void callsBackOnceBeforeOrAfterTheEnd() {
            List<Outcome<String>> heard = new ArrayList<>();
            Task<String> task = group.start("t", source.mono());
            task.onDone(heard::add);
            task.onDone(heard::add).dispose();
            source.emit("v");
            task.onDone(heard::add);
            assertThat(heard).containsExactly(new Outcome.Success<>("v"), new Outcome.Success<>("v"));
        }

        @Test
        void aCallbackThatThrowsHarmsNobody() {
            List<Throwable> dropped = new ArrayList<>();
            TaskGroup own = TaskGroup.supervisor()
                    .open(Context.of("reactor.onErrorDropped.local", (Consumer<Throwable>) dropped::add));
            Task<String> task = own.start("t", source.mono());
            List<String> heard = new ArrayList<>();
            task.onDone(outcome -> {
                throw new IllegalStateException("callback broke");
            });
            task.onDone(outcome -> heard.add("second"));
            source.emit("v");
            assertThat(heard).containsExactly("second");
            assertThat(dropped)
                    .singleElement()
                    .satisfies(error -> assertThat(error).hasMessage("callback broke"));
            StepVerifier.create(own.close()).verifyComplete();
        }
    }

    @Nested
    class AsContext {
        @Test
        void aTaskSeesTheGroupsEntriesAndItself() {
            AtomicReference<ContextView> seen = new AtomicReference<>();
            Task<String> task = group.start("t", Mono.deferContextual(context -> {
                seen.set(context);
                return source.mono();
            }));
            ContextView context = seen.get();
            assertThat(context.<String>get("user")).isEqualTo("ada");
            assertThat(Task.current(context)).containsSame(task);
            assertThat(context.size()).isEqualTo(2);
            assertThat(context.stream().map(Map.Entry::getKey)).containsExactlyInAnyOrder("user", Task.class);
            assertThat(context.hasKey("none")).isFalse();
            assertThatThrownBy(() -> context.get("none")).isInstanceOf(NoSuchElementException.class);
        }

        @Test
        void whatIsWrittenInsideStandsBesideThem() {
            Task<Context> task = group.start(
                    "t",
                    Mono.deferContextual(context -> Mono.just(Context.of(context)))
                            .contextWrite(context -> context.put("more", 1).delete("user"))
                            .contextWrite(context -> context.delete("absent")
                                    .putAll(Context.of("other", 2).readOnly())));
            Context seen = ((Outcome.Success<Context>) task.outcome().orElseThrow()).value();
            assertThat(seen.stream().map(Map.Entry::getKey)).containsExactlyInAnyOrder("more", "other", Task.class);
            assertThat(Task.current(seen)).containsSame(task);
        }
    }

    @Test
    void progressIsWhatWasLastReported() {
        Task<String> task = group.start("t", Mono.deferContextual(context -> {
            Task.current(context).orElseThrow().report(3, 10);
            return source.mono();
        }));
        assertThat(task.progress()).contains(new Task.Progress(3, 10));
        task.report(4, -1);
        assertThat(task.progress()).contains(new Task.Progress(4, -1));
    }

    @Test
    void ageIsByTheClockOfTheScheduler() {
        VirtualTimeScheduler time = VirtualTimeScheduler.getOrSet();
        try {
            TaskGroup own = TaskGroup.open();
            Task<String> task = own.start("t", source.mono());
            time.advanceTimeBy(Duration.ofMinutes(3));
            assertThat(task.age()).isEqualTo(Duration.ofMinutes(3));
            own.cancel(null);
        } finally {
            VirtualTimeScheduler.reset();
        }
    }

    @Test
    void aSourceThatThrowsInSubscribeFailsTheTask() {
        Task<String> task = group.start("t", new Mono<>() {
            @Override
            public void subscribe(CoreSubscriber<? super String> subscriber) {
                throw new IllegalStateException("subscribe broke");
            }
        });
        StepVerifier.create(task.join()).verifyErrorMessage("subscribe broke");
    }

    @Test
    void aCallableThatThrowsAnErrorFailsTheTask() {
        Task<String> task = group.start("t", Mono.fromCallable(() -> {
            throw new AssertionError("no");
        }));
        StepVerifier.create(task.join()).verifyError(AssertionError.class);
    }
}
