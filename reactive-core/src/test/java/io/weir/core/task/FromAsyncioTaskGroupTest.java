package io.weir.core.task;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.test.StepVerifier;
import reactor.test.publisher.TestPublisher;
import reactor.util.context.Context;

/** What {@code asyncio.TaskGroup} promises, and where {@link TaskGroup} differs. */
class FromAsyncioTaskGroupTest {
    private final TestPublisher<Integer> a = TestPublisher.createCold();
    private final TestPublisher<Integer> b = TestPublisher.createCold();
    private final ArithmeticException zero = new ArithmeticException("/ by zero");
    private final AtomicReference<Task<Integer>> first = new AtomicReference<>();
    private final AtomicReference<Task<Integer>> second = new AtomicReference<>();

    @AfterEach
    void nothingIsLeft() {
        assertThat(TaskTree.snapshot()).isEmpty();
    }

    private Mono<String> both(TaskGroup group) {
        first.set(group.start("a", a.mono()));
        second.set(group.start("b", b.mono()));
        return Mono.just("body");
    }

    @Test
    void theBlockEndsWithItsLastTaskAndTheResultsAreThere() {
        StepVerifier.create(TaskGroup.using(this::both))
                .expectSubscription()
                .then(() -> b.emit(2))
                .expectNoEvent(Duration.ofMillis(5))
                .then(() -> a.emit(1))
                .expectNext("body")
                .verifyComplete();
        assertThat(first.get().outcome()).contains(new Outcome.Success<>(1));
        assertThat(second.get().outcome()).contains(new Outcome.Success<>(2));
    }

    @Test
    void aTaskMayBeAwaitedInTheBlock() {
        StepVerifier.create(
                        TaskGroup.using(group -> both(group).then(first.get().join())))
                .expectSubscription()
                .then(() -> a.emit(1))
                .then(b::complete)
                .expectNext(1)
                .verifyComplete();
    }

    @Test
    void aTaskCancelledInTheBlockFailsNobody() {
        StepVerifier.create(TaskGroup.using(group -> {
                    Mono<String> body = both(group);
                    second.get().cancel();
                    return body;
                }))
                .expectSubscription()
                .then(() -> a.emit(1))
                .expectNext("body")
                .verifyComplete();
        assertThat(second.get().outcome()).contains(new Outcome.Cancelled<>(null));
    }

    @Test
    void aTaskThatFailsCancelsTheOthersAndTheBlock() {
        TestPublisher<String> body = TestPublisher.createCold();
        StepVerifier.create(TaskGroup.using(group -> both(group).then(body.mono())))
                .expectSubscription()
                .then(() -> a.error(zero))
                .verifyErrorSatisfies(error -> assertThat(error).isSameAs(zero));
        b.assertCancelled();
        body.assertCancelled();
    }

    @Test
    void unlikeAsyncioOneErrorIsToldAndTheOthersAreSuppressedOnIt() {
        IllegalStateException inCleanUp = new IllegalStateException("while it was being cancelled");
        StepVerifier.create(TaskGroup.using(group -> {
                    group.onClose(() -> Mono.error(inCleanUp));
                    return both(group);
                }))
                .expectSubscription()
                .then(() -> a.error(zero))
                .verifyErrorSatisfies(error -> assertThat(error).isSameAs(zero).hasSuppressedException(inCleanUp));
    }

    @Test
    void theBlockThatFailsCancelsTheTasks() {
        StepVerifier.create(TaskGroup.using(group -> both(group).then(Mono.error(zero))))
                .verifyErrorSatisfies(error -> assertThat(error).isSameAs(zero));
        a.assertCancelled();
        b.assertCancelled();
    }

    @Test
    void aCancelFromOutsideReachesAllTasksAndTheBlock() {
        TestPublisher<String> body = TestPublisher.createCold();
        StepVerifier.create(TaskGroup.using(group -> both(group).then(body.mono())))
                .expectSubscription()
                .thenAwait(Duration.ofMillis(1))
                .thenCancel()
                .verify();
        a.assertCancelled();
        b.assertCancelled();
        body.assertCancelled();
    }

    @Test
    void aCancelFromOutsideWhileTheBlockWaitsForItsTasksReachesThem() {
        StepVerifier.create(TaskGroup.using(this::both))
                .expectSubscription()
                .thenAwait(Duration.ofMillis(1))
                .thenCancel()
                .verify();
        a.assertCancelled();
        b.assertCancelled();
    }

    @Test
    void theErrorsOfANestedGroupFailTheOuterOne() {
        StepVerifier.create(TaskGroup.using(outer -> {
                    outer.start("b", b.mono());
                    return TaskGroup.using(inner -> inner.start("a", a.mono()).join());
                }))
                .expectSubscription()
                .then(() -> a.error(zero))
                .verifyErrorSatisfies(error -> assertThat(error).isSameAs(zero));
        b.assertCancelled();
    }

    @Test
    void anOuterFailureCancelsTheNestedGroup() {
        StepVerifier.create(TaskGroup.using(outer -> {
                    outer.start("b", b.mono());
                    return TaskGroup.using(inner -> inner.start("a", a.mono()).join());
                }))
                .expectSubscription()
                .then(() -> b.error(zero))
                .verifyErrorSatisfies(error -> assertThat(error).isSameAs(zero));
        a.assertCancelled();
    }

    @Test
    void aTaskMayStartOthersInItsGroup() {
        StepVerifier.create(TaskGroup.using(group -> {
                    group.start("outer", Mono.fromRunnable(() -> group.start("inner", a.mono())));
                    return Mono.just("body");
                }))
                .expectSubscription()
                .then(() -> a.assertSubscribers(1))
                .then(() -> a.emit(1))
                .expectNext("body")
                .verifyComplete();
    }

    @Test
    void aGroupThatHasEndedTakesNoTask() {
        AtomicReference<TaskGroup> kept = new AtomicReference<>();
        StepVerifier.create(TaskGroup.using(group -> {
                    kept.set(group);
                    return Mono.just(1);
                }))
                .expectNext(1)
                .verifyComplete();
        StepVerifier.create(Mono.fromSupplier(() -> kept.get().start("late", a.mono())))
                .verifyError(TaskRejectedException.class);
        a.assertNoSubscribers();
    }

    @Test
    void aGroupThatIsShuttingDownTakesNoTask() {
        List<Throwable> rejected = new ArrayList<>();
        StepVerifier.create(TaskGroup.using(group -> {
                    group.start("fails", Mono.error(zero));
                    try {
                        group.start("late", a.mono());
                    } catch (TaskRejectedException e) {
                        rejected.add(e);
                    }
                    return Mono.never();
                }))
                .verifyErrorSatisfies(error -> assertThat(error).isSameAs(zero));
        assertThat(rejected).hasSize(1);
        a.assertNoSubscribers();
    }

    @Test
    void unlikeAsyncioATaskStartsAtOnceAndNotWhenTheBlockWaits() {
        List<String> log = new ArrayList<>();
        TaskGroup.using(group -> {
                    group.start("t", Mono.fromRunnable(() -> log.add("task")));
                    log.add("block");
                    return Mono.empty();
                })
                .block();
        assertThat(log).containsExactly("task", "block");
    }

    @Test
    void unlikeAsyncioAFatalErrorIsTheGroupsLikeAnyOther() {
        StepVerifier.create(TaskGroup.using(group -> both(group).then(Mono.fromRunnable(() -> {
                    throw new AssertionError("as SystemExit");
                }))))
                .verifyError(AssertionError.class);
        a.assertCancelled();
    }

    @Test
    void unlikeAsyncioATaskCannotRefuseItsCancel() {
        List<String> log = new ArrayList<>();
        StepVerifier.create(TaskGroup.using(group -> {
                    Task<Object> task = group.start(
                            "t",
                            Mono.never().doOnCancel(() -> log.add("cancel")).onErrorResume(e -> Mono.never()));
                    task.cancel();
                    return Mono.just("body");
                }))
                .expectNext("body")
                .verifyComplete();
        assertThat(log).containsExactly("cancel");
    }

    @Test
    void theBlockWaitsForWhatATaskHasToFinishAfterItsCancel() {
        Sinks.Empty<Void> released = Sinks.empty();
        StepVerifier.create(TaskGroup.using(group -> {
                    Task<Object> task = group.start("t", TaskGroup.using(inner -> {
                        inner.onClose(released::asMono);
                        return Mono.never();
                    }));
                    task.cancel();
                    return Mono.just("body");
                }))
                .expectSubscription()
                .expectNoEvent(Duration.ofMillis(5))
                .then(released::tryEmitEmpty)
                .expectNext("body")
                .verifyComplete();
    }

    @Test
    void tasksHaveTheNameTheyWereGivenAndTheContextOfTheBlock() {
        StepVerifier.create(TaskGroup.using(group -> group.start(
                                        "yolo",
                                        Mono.deferContextual(context -> Mono.just(Task.current(context)
                                                        .orElseThrow()
                                                        .name()
                                                + context.get("key"))))
                                .join())
                        .contextWrite(Context.of("key", 42)))
                .expectNext("yolo42")
                .verifyComplete();
    }

    @Test
    void unlikeAsyncioTheBlockMayRunAgain() {
        StepVerifier.create(
                        TaskGroup.using(group -> group.start("t", Mono.just(1)).join())
                                .repeat(1))
                .expectNext(1, 1)
                .verifyComplete();
    }
}
