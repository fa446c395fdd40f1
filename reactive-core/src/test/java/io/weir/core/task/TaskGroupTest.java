package io.weir.core.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;
import reactor.test.publisher.TestPublisher;

class TaskGroupTest {
    private final TestPublisher<String> a = TestPublisher.createCold();
    private final TestPublisher<String> b = TestPublisher.createCold();

    @Nested
    class Using {
        @Test
        void theBodysValueComesWhenAllTasksHaveEnded() {
            StepVerifier.create(TaskGroup.using(group -> {
                        group.start("a", a.mono());
                        return Mono.just("body");
                    }))
                    .expectSubscription()
                    .then(() -> a.assertSubscribers(1))
                    .expectNoEvent(Duration.ofMillis(20))
                    .then(() -> a.complete())
                    .expectNext("body")
                    .verifyComplete();
        }

        @Test
        void nothingRunsBeforeTheFirstRequestAndEachSubscriptionHasItsOwnGroup() {
            List<TaskGroup> groups = new ArrayList<>();
            Mono<String> mono = TaskGroup.using(group -> {
                groups.add(group);
                return Mono.just("x");
            });
            StepVerifier.create(mono, 0)
                    .expectSubscription()
                    .then(() -> assertThat(groups).isEmpty())
                    .thenRequest(1)
                    .expectNext("x")
                    .verifyComplete();
            StepVerifier.create(mono).expectNext("x").verifyComplete();
            assertThat(groups).hasSize(2).doesNotHaveDuplicates();
        }

        @Test
        void theFirstFailureCancelsTheOthersAndTheBody() {
            TestPublisher<String> body = TestPublisher.createCold();
            StepVerifier.create(TaskGroup.using(group -> {
                        group.start("a", a.mono());
                        group.start("b", b.mono());
                        return body.mono();
                    }))
                    .expectSubscription()
                    .then(() -> a.error(new IllegalStateException("a broke")))
                    .verifyErrorMessage("a broke");
            b.assertCancelled();
            body.assertCancelled();
        }

        @Test
        void aFailureOfTheBodyCancelsTheTasks() {
            StepVerifier.create(TaskGroup.using(group -> {
                        group.start("a", a.mono());
                        return Mono.error(new IllegalStateException("body broke"));
                    }))
                    .verifyErrorMessage("body broke");
            a.assertCancelled();
        }

        @Test
        void aBodyThatThrowsFailsTheGroup() {
            StepVerifier.create(TaskGroup.using(group -> {
                        group.start("a", a.mono());
                        throw new IllegalStateException("thrown");
                    }))
                    .verifyErrorMessage("thrown");
            a.assertCancelled();
        }

        @Test
        void laterFailuresAreSuppressedOnTheFirst() {
            StepVerifier.create(TaskGroup.using(group -> {
                        group.onClose(() -> Mono.error(new IllegalStateException("second")));
                        group.start("a", a.mono());
                        return Mono.never();
                    }))
                    .expectSubscription()
                    .then(() -> a.error(new IllegalStateException("first")))
                    .verifyErrorSatisfies(error -> {
                        assertThat(error).hasMessage("first");
                        assertThat(error.getSuppressed())
                                .singleElement()
                                .satisfies(s -> assertThat(s).hasMessage("second"));
                    });
        }

        @Test
        void aBodyThatFailsAfterATaskDidIsSuppressedOnThatFailure() {
            StepVerifier.create(TaskGroup.using(group -> {
                        group.start("a", Mono.error(new IllegalStateException("first")));
                        throw new IllegalStateException("second");
                    }))
                    .verifyErrorSatisfies(error -> {
                        assertThat(error).hasMessage("first");
                        assertThat(error.getSuppressed())
                                .singleElement()
                                .satisfies(s -> assertThat(s).hasMessage("second"));
                    });
        }

        @Test
        void cancellingTheSubscriberCancelsBodyAndTasks() {
            TestPublisher<String> body = TestPublisher.createCold();
            Disposable running = TaskGroup.using(group -> {
                        group.start("a", a.mono());
                        return body.mono();
                    })
                    .subscribe();
            running.dispose();
            a.assertCancelled();
            body.assertCancelled();
        }

        @Test
        void aTaskThatWasCancelledHarmsNobody() {
            StepVerifier.create(TaskGroup.using(group -> {
                        Task<String> task = group.start("a", a.mono());
                        assertThat(task.cancel("not needed")).isTrue();
                        assertThat(task.cancel("again")).isFalse();
                        assertThat(task.outcome()).contains(new Outcome.Cancelled<>("not needed"));
                        return Mono.just("fine");
                    }))
                    .expectNext("fine")
                    .verifyComplete();
            a.assertCancelled();
        }

        @Test
        void aGroupCancelledFromInsideFailsWithTheReason() {
            StepVerifier.create(TaskGroup.failFast().name("search").using(group -> {
                        group.start("a", a.mono());
                        group.cancel("found");
                        return Mono.never();
                    }))
                    .verifyErrorSatisfies(error -> assertThat(error)
                            .isInstanceOf(TaskCancelledException.class)
                            .hasMessage("task 'search' was cancelled: found"));
            a.assertCancelled();
        }

        @Test
        void aTaskMayStartOthersAfterTheBodyHasEnded() {
            AtomicBoolean ran = new AtomicBoolean();
            StepVerifier.create(TaskGroup.using(group -> {
                        group.start(
                                "a",
                                a.mono()
                                        .then(Mono.fromRunnable(
                                                () -> group.start("late", Mono.fromRunnable(() -> ran.set(true))))));
                        return Mono.just("body");
                    }))
                    .expectSubscription()
                    .then(() -> a.complete())
                    .expectNext("body")
                    .verifyComplete();
            assertThat(ran).isTrue();
        }

        @Test
        void aGroupThatHasEndedTakesNoTask() {
            AtomicReference<TaskGroup> kept = new AtomicReference<>();
            TaskGroup.failFast()
                    .name("short")
                    .using(group -> {
                        kept.set(group);
                        return Mono.just(1);
                    })
                    .block();
            assertThatThrownBy(() -> kept.get().start("late", Mono.just(1)))
                    .isInstanceOf(TaskRejectedException.class)
                    .hasMessage("group 'short' did not take task 'late': it has been closed, cancelled, or has ended");
            assertThatThrownBy(() -> kept.get().onClose(Mono::empty)).isInstanceOf(IllegalStateException.class);
        }

        @Test
        void aNestedGroupIsCancelledWithTheTaskItRunsIn() {
            Disposable running = TaskGroup.using(outer -> {
                        outer.start("inner", TaskGroup.using(inner -> {
                            inner.start("a", a.mono());
                            return b.mono();
                        }));
                        return Mono.never();
                    })
                    .subscribe();
            a.assertSubscribers(1);
            running.dispose();
            a.assertCancelled();
            b.assertCancelled();
        }

        @Test
        void theEndOfANestedGroupThatWasCancelledIsAwaited() {
            Sinks.Empty<Void> cleaned = Sinks.empty();
            AtomicReference<Task<?>> inner = new AtomicReference<>();
            StepVerifier.create(TaskGroup.using(outer -> {
                        inner.set(outer.start("inner", TaskGroup.using(group -> {
                            group.onClose(cleaned::asMono);
                            return Mono.never();
                        })));
                        inner.get().cancel("enough");
                        return Mono.just("outer");
                    }))
                    .expectSubscription()
                    .then(() -> assertThat(inner.get().state()).isEqualTo(Task.State.ENDING))
                    .expectNoEvent(Duration.ofMillis(20))
                    .then(cleaned::tryEmitEmpty)
                    .expectNext("outer")
                    .verifyComplete();
            assertThat(inner.get().state()).isEqualTo(Task.State.ENDED);
        }

        @Test
        void aMillionTasksThatEndAtOnceNeedNoStack() {
            AtomicInteger ran = new AtomicInteger();
            StepVerifier.create(TaskGroup.failFast().limit(1).using(group -> {
                        group.start("gate", a.mono());
                        for (int i = 0; i < 1_000_000; i++) {
                            group.start("n", Mono.fromRunnable(ran::incrementAndGet));
                        }
                        assertThat(ran).hasValue(0);
                        return Mono.just("x");
                    }))
                    .expectSubscription()
                    .then(() -> a.complete())
                    .expectNext("x")
                    .verifyComplete();
            assertThat(ran).hasValue(1_000_000);
        }
    }

    @Nested
    class Supervisor {
        @Test
        void aTasksFailureIsItsOwn() {
            StepVerifier.create(TaskGroup.supervisor().using(group -> {
                        Task<String> task = group.start("a", a.mono());
                        group.start("b", b.mono());
                        return task.join().onErrorResume(error -> Mono.just(error.getMessage()));
                    }))
                    .expectSubscription()
                    .then(() -> a.error(new IllegalStateException("a broke")))
                    .then(() -> b.assertSubscribers(1))
                    .then(() -> b.complete())
                    .expectNext("a broke")
                    .verifyComplete();
        }

        @Test
        void theHandlerHearsOfEachFailure() {
            List<String> heard = new ArrayList<>();
            StepVerifier.create(TaskGroup.supervisor()
                            .onFailure((task, error) -> heard.add(task.name() + ": " + error.getMessage()))
                            .using(group -> {
                                group.start("one", Mono.error(new IllegalStateException("x")));
                                group.start("two", Mono.error(new IllegalStateException("y")));
                                return Mono.just(1);
                            }))
                    .expectNext(1)
                    .verifyComplete();
            assertThat(heard).containsExactly("one: x", "two: y");
        }

        @Test
        void theBodysFailureCancelsTheTasks() {
            StepVerifier.create(TaskGroup.supervisor().using(group -> {
                        group.start("a", a.mono());
                        return Mono.error(new IllegalStateException("body broke"));
                    }))
                    .verifyErrorMessage("body broke");
            a.assertCancelled();
        }
    }

    @Nested
    class Limit {
        @Test
        void tasksBeyondItWaitInOrder() {
            List<String> started = new ArrayList<>();
            StepVerifier.create(TaskGroup.failFast().limit(2).using(group -> {
                        group.start("a", a.mono());
                        group.start("b", b.mono());
                        for (String name : List.of("c", "d")) {
                            Task<?> task = group.start(name, Mono.fromRunnable(() -> started.add(name)));
                            assertThat(task.state()).isEqualTo(Task.State.WAITING);
                        }
                        return Mono.just("x");
                    }))
                    .expectSubscription()
                    .then(() -> assertThat(started).isEmpty())
                    .then(() -> b.complete())
                    .then(() -> assertThat(started).containsExactly("c", "d"))
                    .then(() -> a.complete())
                    .expectNext("x")
                    .verifyComplete();
        }

        @Test
        void aTaskCancelledWhileItWaitsIsNeverStarted() {
            AtomicBoolean ran = new AtomicBoolean();
            StepVerifier.create(TaskGroup.failFast().limit(1).using(group -> {
                        group.start("a", a.mono());
                        Task<?> waiting = group.start("waiting", Mono.fromRunnable(() -> ran.set(true)));
                        Task<?> last = group.start("last", b.mono());
                        waiting.cancel();
                        assertThat(waiting.state()).isEqualTo(Task.State.ENDED);
                        assertThat(last.state()).isEqualTo(Task.State.WAITING);
                        return Mono.just("x");
                    }))
                    .expectSubscription()
                    .then(() -> a.complete())
                    .then(() -> b.assertSubscribers(1))
                    .then(() -> b.complete())
                    .expectNext("x")
                    .verifyComplete();
            assertThat(ran).isFalse();
        }

        @Test
        void aFullGroupRejectsWithItsNumbers() {
            StepVerifier.create(TaskGroup.failFast().name("small").maxTasks(2).using(group -> {
                        group.start("a", a.mono());
                        group.start("b", b.mono());
                        group.start("c", a.mono());
                        return Mono.just(1);
                    }))
                    .verifyErrorSatisfies(error -> assertThat(error)
                            .hasMessage("group 'small' did not take task 'c': it holds 2 tasks, and maxTasks is 2"));
        }
    }

    @Nested
    class Deadlines {
        @Test
        void theGroupFailsAndCancelsWhatRuns() {
            StepVerifier.withVirtualTime(() -> TaskGroup.failFast()
                            .deadline(Duration.ofSeconds(2))
                            .using(group -> {
                                group.start("a", a.mono());
                                return Mono.never();
                            }))
                    .expectSubscription()
                    .expectNoEvent(Duration.ofMillis(1999))
                    .thenAwait(Duration.ofMillis(1))
                    .verifyErrorSatisfies(error -> assertThat(error)
                            .isInstanceOf(DeadlineExceededException.class)
                            .hasMessageStartingWith("the deadline of 2 s is over"));
            a.assertCancelled();
        }

        @Test
        void tasksSeeIt() {
            StepVerifier.withVirtualTime(() -> TaskGroup.failFast()
                            .deadline(Duration.ofSeconds(2))
                            .using(group -> group.start(
                                            "a",
                                            Mono.deferContextual(context -> Mono.just(Deadline.remaining(context))))
                                    .join()))
                    .assertNext(left -> assertThat(left).contains(Duration.ofSeconds(2)))
                    .verifyComplete();
        }
    }

    @Nested
    class OnClose {
        @Test
        void cleanUpsRunLastFirstAndAreAwaited() {
            List<String> ran = new ArrayList<>();
            StepVerifier.withVirtualTime(() -> TaskGroup.using(group -> {
                        group.onClose(() -> Mono.fromRunnable(() -> ran.add("first")));
                        group.onClose(() -> Mono.delay(Duration.ofSeconds(1)).doOnNext(tick -> ran.add("second")));
                        return Mono.just("x");
                    }))
                    .expectSubscription()
                    .expectNoEvent(Duration.ofSeconds(1))
                    .expectNext("x")
                    .verifyComplete();
            assertThat(ran).containsExactly("second", "first");
        }

        @Test
        void theyRunAfterACancelToo() {
            AtomicBoolean ran = new AtomicBoolean();
            TaskGroup.using(group -> {
                        group.onClose(() -> Mono.fromRunnable(() -> ran.set(true)));
                        return Mono.never();
                    })
                    .subscribe()
                    .dispose();
            assertThat(ran).isTrue();
        }

        @Test
        void oneThatFailsOrHangsKeepsNoOtherFromRunning() {
            AtomicInteger ran = new AtomicInteger();
            StepVerifier.withVirtualTime(() -> TaskGroup.failFast()
                            .grace(Duration.ofSeconds(5))
                            .using(group -> {
                                group.onClose(() -> Mono.fromRunnable(ran::incrementAndGet));
                                group.onClose(Mono::never);
                                group.onClose(() -> Mono.error(new IllegalStateException("broken")));
                                return Mono.just(1);
                            }))
                    .expectSubscription()
                    .thenAwait(Duration.ofSeconds(5))
                    .verifyErrorSatisfies(error -> {
                        assertThat(error).hasMessage("broken");
                        assertThat(error.getSuppressed()).hasSize(1);
                    });
            assertThat(ran).hasValue(1);
        }
    }

    @Nested
    class Open {
        @Test
        void closeWaitsForTheTasks() {
            TaskGroup group = TaskGroup.open();
            group.start("a", a.mono());
            StepVerifier.create(group.close())
                    .expectSubscription()
                    .then(() -> assertThat(group.isOpen()).isFalse())
                    .then(() -> assertThatThrownBy(() -> group.start("late", Mono.just(1)))
                            .isInstanceOf(TaskRejectedException.class))
                    .then(() -> a.complete())
                    .verifyComplete();
            StepVerifier.create(group.close()).verifyComplete();
        }

        @Test
        void closeCancelsAfterTheGrace() {
            StepVerifier.withVirtualTime(() -> {
                        TaskGroup group = TaskGroup.supervisor()
                                .grace(Duration.ofSeconds(3))
                                .open();
                        Task<String> task = group.start("a", a.mono());
                        return group.close().then(Mono.defer(() -> Mono.just(task.outcome())));
                    })
                    .expectSubscription()
                    .expectNoEvent(Duration.ofSeconds(3))
                    .assertNext(outcome ->
                            assertThat(outcome).contains(new Outcome.Cancelled<>("not done within the grace of PT3S")))
                    .verifyComplete();
        }

        @Test
        void anEmptyGroupClosesAtOnce() {
            StepVerifier.create(TaskGroup.open().close()).verifyComplete();
        }

        @Test
        void aFailFastGroupTellsItsFailureToWhoeverWaits() {
            TaskGroup group = TaskGroup.failFast().open();
            group.start("b", b.mono());
            group.start("a", Mono.error(new IllegalStateException("a broke")));
            StepVerifier.create(group.terminated()).verifyErrorMessage("a broke");
            b.assertCancelled();
            assertThat(group.isOpen()).isFalse();
        }

        @Test
        void aTaskThatWaitsForItsOwnGroupIsToldSo() {
            TaskGroup group = TaskGroup.open();
            Task<Void> task = group.start("selfish", group.close());
            assertThat(task.outcome())
                    .hasValueSatisfying(outcome -> assertThat(((Outcome.Failure<Void>) outcome).error())
                            .hasMessageContaining("neither could end"));
            StepVerifier.create(group.close()).verifyComplete();
        }
    }

    @Test
    void cancelDuringTheStartOnAnotherThreadLeavesNothing() throws Exception {
        for (int i = 0; i < 300; i++) {
            TaskGroup group = TaskGroup.open();
            AtomicInteger running = new AtomicInteger();
            Mono<Object> counted =
                    Mono.never().doOnSubscribe(s -> running.incrementAndGet()).doOnCancel(running::decrementAndGet);
            Thread starter = new Thread(() -> {
                try {
                    for (int k = 0; k < 100; k++) {
                        group.start("n", counted);
                    }
                } catch (TaskRejectedException expected) {
                    // the group was cancelled meanwhile
                }
            });
            starter.start();
            Schedulers.parallel().schedule(() -> group.cancel("race"));
            starter.join();
            group.cancel("in any case");
            StepVerifier.create(group.terminated()).verifyComplete();
            assertThat(running).hasValue(0);
        }
    }
}
