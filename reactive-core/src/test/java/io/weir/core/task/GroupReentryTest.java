package io.weir.core.task;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Operators;
import reactor.test.StepVerifier;
import reactor.test.publisher.TestPublisher;
import reactor.util.context.Context;

/** What a group does when its own tasks, callbacks and clean-ups turn against it. */
class GroupReentryTest {
    private final TestPublisher<String> a = TestPublisher.createCold();

    @AfterEach
    void theTreeIsEmpty() {
        assertThat(TaskTree.snapshot()).isEmpty();
    }

    @Test
    void cancellingAGroupStartsNoneOfThoseThatWait() {
        AtomicInteger ran = new AtomicInteger();
        TaskGroup group = TaskGroup.supervisor().limit(1).open();
        group.start("gate", a.mono());
        List<Task<?>> waiting = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            waiting.add(group.start("waiting", Mono.fromRunnable(ran::incrementAndGet)));
        }
        group.cancel("now");
        assertThat(ran).hasValue(0);
        assertThat(waiting)
                .allSatisfy(task ->
                        assertThat((Object) task.outcome().orElseThrow()).isEqualTo(new Outcome.Cancelled<>("now")));
        StepVerifier.create(group.terminated()).verifyComplete();
    }

    @Test
    void aFailureStartsNoneOfThoseThatWait() {
        AtomicInteger ran = new AtomicInteger();
        StepVerifier.create(TaskGroup.failFast().limit(2).using(group -> {
                    group.start("runs", Mono.never());
                    group.start("fails", a.mono());
                    for (int i = 0; i < 10; i++) {
                        group.start("waiting", Mono.fromRunnable(ran::incrementAndGet));
                    }
                    return Mono.never();
                }))
                .expectSubscription()
                .then(() -> a.error(new IllegalStateException("a broke")))
                .verifyErrorMessage("a broke");
        assertThat(ran).hasValue(0);
    }

    @Test
    void theBodyTakesNoneOfTheTasksPlaces() {
        StepVerifier.create(TaskGroup.failFast().name("small").maxTasks(1).using(group -> {
                    group.start("one", a.mono());
                    group.start("two", a.mono());
                    return Mono.just(1);
                }))
                .verifyErrorSatisfies(error -> assertThat(error)
                        .hasMessage("group 'small' did not take task 'two': it holds 1 tasks, and maxTasks is 1"));
    }

    @Test
    void theBodysValueIsDiscardedWhenATaskFailsAfterIt() {
        List<Object> discarded = new ArrayList<>();
        StepVerifier.create(TaskGroup.using(group -> {
                            group.start("a", a.mono());
                            return Mono.just("body");
                        })
                        .contextWrite(context -> Operators.enableOnDiscard(context, discarded::add)))
                .expectSubscription()
                .then(() -> a.error(new IllegalStateException("a broke")))
                .verifyErrorMessage("a broke");
        assertThat(discarded).containsExactly("body");
    }

    @Test
    void anEndlessGraceStillRunsTheCleanUps() {
        AtomicInteger ran = new AtomicInteger();
        StepVerifier.create(TaskGroup.failFast()
                        .grace(Duration.ofSeconds(Long.MAX_VALUE))
                        .using(group -> {
                            group.onClose(() -> Mono.fromRunnable(ran::incrementAndGet));
                            return Mono.just(1);
                        }))
                .expectNext(1)
                .verifyComplete();
        assertThat(ran).hasValue(1);
    }

    @Test
    void aCleanUpThatReactorThrowsOnKeepsNoOtherFromRunning() {
        AtomicInteger ran = new AtomicInteger();
        StepVerifier.create(TaskGroup.using(group -> {
                    group.onClose(() -> Mono.fromRunnable(ran::incrementAndGet));
                    group.onClose(() -> {
                        throw new NoClassDefFoundError("gone");
                    });
                    return Mono.just(1);
                }))
                .verifyError(NoClassDefFoundError.class);
        assertThat(ran).hasValue(1);
    }

    @Test
    void whatAnAbandonedGroupDiscardsItDiscardsBeforeTheOuterOneEnds() {
        List<Object> log = new ArrayList<>();
        TaskGroup outer = TaskGroup.supervisor().open(Operators.enableOnDiscard(Context.empty(), log::add));
        Task<String> task = outer.start("t", TaskGroup.shield(a.mono()));
        outer.terminated().subscribe(null, null, () -> log.add("outer has ended"));
        task.onDone(outcome -> log.add("task has ended"));
        outer.cancel("now");
        a.emit("v");
        assertThat(log).containsExactly("v", "task has ended", "outer has ended");
    }

    @Test
    void listenersHearOfAsManyStartsAsEnds() {
        List<String> heard = new ArrayList<>();
        Disposable listening = TaskTree.listen(new TaskListener() {
            @Override
            public void started(Task<?> task) {
                heard.add("started " + task.name());
            }

            @Override
            public void ended(Task<?> task, Outcome<?> outcome) {
                heard.add("ended " + task.name());
            }
        });
        try {
            TaskGroup.using(group -> group.start("t", Mono.just(1)).join()).block();
        } finally {
            listening.dispose();
        }
        assertThat(heard).containsExactly("started t", "ended t");
    }

    @Test
    void aCallbackOfTheLastTaskMayStartAnother() {
        AtomicReference<Task<?>> second = new AtomicReference<>();
        StepVerifier.create(TaskGroup.using(group -> {
                    group.start("first", a.mono())
                            .onDone(outcome -> second.set(group.start("second", Mono.just("from " + outcome))));
                    return Mono.just("body");
                }))
                .expectSubscription()
                .then(a::complete)
                .expectNext("body")
                .verifyComplete();
        assertThat((Object) second.get().outcome().orElseThrow()).isEqualTo(new Outcome.Success<>("from Empty[]"));
    }

    @Test
    void aTaskMayCancelItsGroupFromInsideOnNext() {
        List<Object> discarded = new ArrayList<>();
        TaskGroup group = TaskGroup.supervisor().open(Operators.enableOnDiscard(Context.empty(), discarded::add));
        Task<Integer> task = group.start("t", Mono.just(1).hide().doOnNext(v -> group.cancel("from inside")));
        assertThat(task.outcome()).contains(new Outcome.Cancelled<>("from inside"));
        assertThat(discarded).containsExactly(1);
        StepVerifier.create(group.terminated()).verifyComplete();
    }

    @Test
    void closingTwiceAndFromACallbackIsOneClosing() {
        TaskGroup group = TaskGroup.open();
        AtomicInteger closed = new AtomicInteger();
        group.start("t", a.mono()).onDone(outcome -> group.close().subscribe(null, null, closed::incrementAndGet));
        group.close().subscribe(null, null, closed::incrementAndGet);
        group.close().subscribe(null, null, closed::incrementAndGet);
        a.complete();
        assertThat(closed).hasValue(3);
    }

    @Test
    void aCleanUpMayJoinATaskAndMayNotStartOne() {
        List<String> heard = new ArrayList<>();
        StepVerifier.create(TaskGroup.using(group -> {
                    Task<Integer> task = group.start("t", Mono.just(1));
                    group.onClose(() -> group.start("late", Mono.just(2)).join());
                    group.onClose(() -> task.join().doOnNext(v -> heard.add("joined " + v)));
                    return Mono.just("body");
                }))
                .verifyError(TaskRejectedException.class);
        assertThat(heard).containsExactly("joined 1");
    }

    @Test
    void aCleanUpThatIsRegisteredByACleanUpRunsToo() {
        List<String> ran = new ArrayList<>();
        StepVerifier.create(TaskGroup.using(group -> {
                    group.onClose(() -> {
                        group.onClose(() -> Mono.fromRunnable(() -> ran.add("inner")));
                        return Mono.fromRunnable(() -> ran.add("outer"));
                    });
                    return Mono.just("body");
                }))
                .expectNext("body")
                .verifyComplete();
        assertThat(ran).containsExactly("outer", "inner");
    }

    @Test
    void oneErrorHeardOnSeveralWaysIsNotSuppressedOnItself() {
        IllegalStateException same = new IllegalStateException("same");
        StepVerifier.create(TaskGroup.using(group -> {
                    group.onClose(() -> Mono.error(same));
                    group.start("a", Mono.error(same));
                    return Mono.error(same);
                }))
                .verifyErrorSatisfies(error -> assertThat(error).isSameAs(same).hasNoSuppressedExceptions());
    }

    @Test
    void cancellingOneThatWaitsFreesNoPlaceAndKeepsTheOrder() {
        List<String> ran = new ArrayList<>();
        TaskGroup group = TaskGroup.supervisor().limit(1).open();
        group.start("gate", a.mono());
        Task<?> first = group.start("first", Mono.fromRunnable(() -> ran.add("first")));
        group.start("second", Mono.fromRunnable(() -> ran.add("second")));
        Task<?> third = group.start("third", Mono.fromRunnable(() -> ran.add("third")));
        group.start("fourth", Mono.fromRunnable(() -> ran.add("fourth")));
        first.cancel();
        third.cancel();
        assertThat(ran).isEmpty();
        a.complete();
        assertThat(ran).containsExactly("second", "fourth");
        StepVerifier.create(group.close()).verifyComplete();
    }
}
