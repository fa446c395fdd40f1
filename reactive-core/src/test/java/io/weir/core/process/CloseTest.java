package io.weir.core.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.core.task.Deadline;
import io.weir.core.task.DeadlineExceededException;
import io.weir.core.task.TaskGroup;
import io.weir.core.task.TaskTree;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import reactor.core.Disposable;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;

@EnabledOnOs(OS.LINUX)
class CloseTest {
    private static final Duration SHORT = Duration.ofMillis(200);

    /** Three generations, the last of which tells its number and waits. */
    private static final Command FAMILY =
            Command.shell("sh -c 'sh -c \"echo \\$\\$; exec sleep 100\" & echo $$; wait' & echo $$; wait");

    @AfterEach
    void nothingIsLeft() {
        Leftovers.none();
    }

    private static Mono<List<Long>> numbers(AsyncProcess process, int count) {
        return process.stdoutLines().take(count).map(Long::valueOf).collectList();
    }

    private static boolean isAnyRunning(List<Long> numbers) {
        return numbers.stream().anyMatch(Leftovers::isRunning);
    }

    @Nested
    class AScope {
        @Test
        void hasEndedTheWholeTreeWhenItsUseHasEnded() {
            StepVerifier.create(AsyncProcess.using(
                            FAMILY,
                            process -> numbers(process, 3)
                                    .doOnNext(numbers ->
                                            assertThat(numbers).hasSize(3).allMatch(Leftovers::isRunning))))
                    .assertNext(numbers -> assertThat(isAnyRunning(numbers)).isFalse())
                    .verifyComplete();
        }

        @Test
        void hasEndedItWhenItsUseHasFailed() {
            AtomicReference<List<Long>> seen = new AtomicReference<>();
            IllegalStateException broken = new IllegalStateException("broken");
            StepVerifier.create(AsyncProcess.using(
                            FAMILY,
                            process -> numbers(process, 3).doOnNext(seen::set).then(Mono.error(broken))))
                    .verifyErrorSatisfies(e -> {
                        assertThat(e).isSameAs(broken);
                        assertThat(isAnyRunning(Objects.requireNonNull(seen.get())))
                                .isFalse();
                    });
        }

        @Test
        void hasEndedItWhenItsUseThrows() {
            StepVerifier.create(AsyncProcess.using(FAMILY, process -> {
                        throw new IllegalStateException("thrown");
                    }))
                    .verifyErrorSatisfies(e -> {
                        assertThat(e).hasMessage("thrown");
                        assertThat(Leftovers.running()).isEmpty();
                    });
        }

        @Test
        void endsItWhenItIsCancelled() {
            AtomicReference<List<Long>> seen = new AtomicReference<>();
            Disposable running = AsyncProcess.using(
                            FAMILY,
                            process -> numbers(process, 3).doOnNext(seen::set).then(Mono.never()))
                    .subscribe();
            Leftovers.eventually("the family is there", () -> seen.get() != null);
            running.dispose();
            Leftovers.eventually("it is gone", () -> !isAnyRunning(seen.get()));
        }

        @Test
        void holdsItsGroupUntilItHasEndedIt() {
            Command stubborn = Command.shell("trap '' TERM; echo ready; while :; do sleep 0.01; done")
                    .withGrace(SHORT);
            AtomicReference<Long> seen = new AtomicReference<>();
            Mono<Object> group = TaskGroup.using(tasks -> {
                tasks.start(
                        "process",
                        AsyncProcess.usingMany(
                                        stubborn,
                                        process -> process.stdoutLines().doOnNext(ready -> seen.set(process.pid())))
                                .then());
                return Mono.defer(() -> {
                    Leftovers.eventually("it is ready", () -> seen.get() != null);
                    return Mono.error(new IllegalStateException("the body fails"));
                });
            });
            StepVerifier.create(group).verifyErrorSatisfies(e -> {
                assertThat(e).hasMessage("the body fails");
                assertThat(Leftovers.isRunning(seen.get())).isFalse();
            });
        }

        @Test
        void endsWhenItsDeadlineIsOver() {
            StepVerifier.create(Deadline.within(SHORT, AsyncProcess.run(FAMILY)))
                    .verifyErrorSatisfies(e -> assertThat(e).isInstanceOf(DeadlineExceededException.class));
            Leftovers.eventually("the family is gone", () -> Leftovers.running().isEmpty());
        }
    }

    @Nested
    class TheKill {
        @Test
        void isForThoseWhoIgnoreTheFirstSignal() {
            Command stubborn = Command.shell("trap '' TERM; echo ready; while :; do sleep 0.01; done")
                    .withGrace(SHORT);
            AtomicReference<AsyncProcess> seen = new AtomicReference<>();
            AsyncProcess.using(stubborn, process -> {
                        seen.set(process);
                        return process.stdoutLines().next();
                    })
                    .block();
            assertThat(seen.get().exit().block()).hasToString("137 (SIGKILL)");
        }

        @Test
        void isForChildrenWhoIgnoreItToo() {
            Command family = Command.shell("sh -c 'trap \"\" TERM; echo $$; while :; do sleep 0.01; done' & wait")
                    .withGrace(SHORT);
            AsyncProcess.using(family, process -> numbers(process, 1))
                    .as(StepVerifier::create)
                    .assertNext(numbers -> assertThat(isAnyRunning(numbers)).isFalse())
                    .verifyComplete();
        }

        @Test
        void isForThoseWhoWereStartedMeanwhile() {
            Command late = Command.shell(
                            "trap 'sleep 100 & sleep 100 & wait' TERM; echo ready; while :; do sleep 0.01; done")
                    .withGrace(SHORT);
            AsyncProcess.using(late, process -> process.stdoutLines().next()).block();
            assertThat(Leftovers.running()).isEmpty();
        }

        @Test
        void comesAtOnceWithoutAGrace() {
            AsyncProcess.using(
                            Command.of("sleep", "100").withGrace(Duration.ZERO),
                            process -> process.close().then(process.exit()))
                    .as(StepVerifier::create)
                    .assertNext(status -> assertThat(status).hasToString("137 (SIGKILL)"))
                    .verifyComplete();
        }

        @Test
        void isNotForThoseWhoGoInTime() {
            Command polite = Command.shell("trap 'echo bye; exit 7' TERM; echo ready; while :; do sleep 0.01; done")
                    .withGrace(Duration.ofMinutes(1));
            AsyncProcess.using(polite, process -> {
                        Flux<String> lines = process.stdoutLines()
                                .concatMap(line -> line.equals("ready")
                                        ? Mono.fromRunnable(
                                                () -> process.close().subscribe())
                                        : Mono.just(line));
                        return Mono.zip(lines.collectList(), process.exit());
                    })
                    .as(StepVerifier::create)
                    .assertNext(end -> {
                        assertThat(end.getT1()).containsExactly("bye");
                        assertThat(end.getT2().code()).isEqualTo(7);
                    })
                    .verifyComplete();
        }
    }

    @Nested
    class AStartedProcess {
        @Test
        void livesUntilItIsClosed() {
            AsyncProcess process = Objects.requireNonNull(
                    AsyncProcess.start(Command.of("sleep", "100")).block());
            assertThat(process.isAlive()).isTrue();
            StepVerifier.create(process.close()).verifyComplete();
            assertThat(process.isAlive()).isFalse();
            StepVerifier.create(process.exit())
                    .assertNext(status -> assertThat(status).hasToString("143 (SIGTERM)"))
                    .verifyComplete();
            StepVerifier.create(process.close()).verifyComplete();
            assertThat(process.command().arguments()).containsExactly("100");
        }

        @Test
        void mayBeClosedByManyAtOnce() {
            AsyncProcess process = Objects.requireNonNull(
                    AsyncProcess.start(Command.of("sleep", "100")).block());
            StepVerifier.create(Mono.when(process.close(), process.close(), process.close()))
                    .verifyComplete();
        }

        @Test
        void mayExitByItselfAndNeedsNoClose() {
            AsyncProcess process = Objects.requireNonNull(
                    AsyncProcess.start(Command.shell("exit 5")).block());
            assertThat(process.exit().block()).isEqualTo(new ExitStatus(5));
        }

        @Test
        void isEndedWhenNobodyTakesIt() {
            for (int i = 0; i < 20; i++) {
                BaseSubscriber<AsyncProcess> taker = new BaseSubscriber<>() {
                    @Override
                    protected void hookOnNext(AsyncProcess process) { // it was faster than the cancel
                        process.close().subscribe();
                    }
                };
                AsyncProcess.start(Command.of("sleep", "100")).subscribe(taker);
                taker.cancel();
            }
            Leftovers.eventually("none is left", () -> Leftovers.running().isEmpty());
        }
    }

    @Nested
    class InTheTaskTree {
        @Test
        void aProcessIsATask() {
            AsyncProcess.using(Command.of("/bin/sleep", "100"), process -> {
                        assertThat(TaskTree.dump())
                                .contains("group process OPEN")
                                .containsPattern("── sleep \\[" + process.pid() + "] RUNNING .* <- process.running");
                        return Mono.empty();
                    })
                    .block();
        }

        @Test
        void itTellsThatItIsBeingEnded() {
            Command stubborn = Command.shell("trap '' TERM; echo ready; while :; do sleep 0.01; done")
                    .withGrace(SHORT);
            AsyncProcess process =
                    Objects.requireNonNull(AsyncProcess.start(stubborn).block());
            process.stdoutLines().next().block();
            process.close().subscribe();
            Leftovers.eventually("it is told", () -> TaskTree.dump().contains("<- process.terminating"));
            process.close().block();
        }

        @Test
        void itBelongsToTheTaskItWasStartedIn() {
            TaskGroup.failFast()
                    .name("outer")
                    .using(group -> AsyncProcess.using(Command.of("sleep", "100"), process -> {
                        assertThat(TaskTree.dump()).startsWith("1 task in 1 group\ngroup outer OPEN");
                        return Mono.empty();
                    }))
                    .block();
        }
    }
}
