package io.weir.core.coroutine;

import static io.weir.core.coroutine.VirtualSeconds.sleep;
import static org.assertj.core.api.Assertions.assertThat;

import io.weir.core.task.Outcome;
import io.weir.core.task.Task;
import io.weir.core.task.TaskGroup;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import reactor.core.publisher.Mono;

/** {@code cancel_me} of Python's documentation: a task that is cancelled cleans up, for a second, and is cancelled then. */
class CancelCleanUpTest {
    private static final Duration LONG = Duration.ofSeconds(20);

    @RegisterExtension
    final VirtualSeconds clock = new VirtualSeconds();

    @BeforeEach
    void sameOutput() {
        clock.expect(
                "0 s: cancel_me: before the sleep",
                "1 s: cancel_me: cancelled, cleans up",
                "2 s: cancel_me: after the sleep",
                "2 s: main: cancel_me is cancelled");
    }

    @AfterEach
    void thisIsTheLastLine() {
        assertThat(clock.printed()).last().isEqualTo("2 s: main: cancel_me is cancelled");
    }

    private void told(Task<?> task) {
        assertThat((Object) task.outcome().orElseThrow()).isEqualTo(new Outcome.Cancelled<>("enough"));
        clock.print("main: cancel_me is cancelled");
    }

    @Nested
    class Direct {
        private Mono<Long> cancelMe() {
            return Coroutine.async(() -> {
                clock.print("cancel_me: before the sleep");
                try {
                    return Coroutine.await(sleep(3600));
                } catch (CoroutineCancelledException e) {
                    clock.print("cancel_me: cancelled, cleans up");
                    Coroutine.awaitShielded(LONG, sleep(1));
                    throw e;
                } finally {
                    clock.print("cancel_me: after the sleep");
                }
            });
        }

        @Test
        void theTaskEndsWhenItHasCleanedUp() {
            clock.direct(
                    TaskGroup.supervisor()
                            .using(group -> Coroutine.async(() -> {
                                Task<Long> task = group.start("cancel_me", cancelMe());
                                Coroutine.await(sleep(1));
                                task.cancel("enough");
                                Coroutine.await(task.terminated());
                                told(task);
                                return true;
                            })),
                    2,
                    1);
        }
    }

    @Nested
    class Operators {
        private Mono<Long> cancelMe() {
            return Mono.usingWhen(
                    Mono.fromCallable(() -> {
                        clock.print("cancel_me: before the sleep");
                        return this;
                    }),
                    resource -> sleep(3600),
                    resource -> Mono.empty(),
                    (resource, error) -> Mono.empty(),
                    resource -> Mono.deferContextual(context -> {
                        Task.Hold hold = Task.hold(context); // a bracket of Reactor's does not hold its task
                        clock.print("cancel_me: cancelled, cleans up");
                        return sleep(1).doOnNext(tick -> clock.print("cancel_me: after the sleep"))
                                .doFinally(end -> hold.release());
                    }));
        }

        @Test
        void theTaskEndsWhenItHasCleanedUp() {
            clock.operators(TaskGroup.supervisor().using(group -> {
                Task<Long> task = group.start("cancel_me", cancelMe());
                return sleep(1).doOnNext(tick -> task.cancel("enough"))
                        .then(task.terminated())
                        .then(Mono.fromRunnable(() -> told(task)));
            }));
        }
    }
}
