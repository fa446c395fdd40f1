package io.weir.core.coroutine;

import static io.weir.core.coroutine.VirtualSeconds.sleep;

import io.weir.core.task.Task;
import io.weir.core.task.TaskGroup;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import reactor.core.publisher.Mono;

/** {@code say_after} of Python's documentation: three seconds one after the other, two as tasks. */
class SayAfterTest {
    @RegisterExtension
    final VirtualSeconds clock = new VirtualSeconds();

    private void inSequence() {
        clock.expect("0 s: started", "1 s: hello", "3 s: world", "3 s: finished");
    }

    private void asTasks() {
        clock.expect("0 s: started", "1 s: hello", "2 s: world", "2 s: finished");
    }

    @Nested
    class Direct {
        private Mono<Boolean> sayAfter(int seconds, String what) {
            return Coroutine.async(() -> {
                Coroutine.await(sleep(seconds));
                clock.print(what);
                return true;
            });
        }

        @Test
        void oneAfterTheOtherTakesThreeSeconds() {
            inSequence();
            clock.direct(
                    Coroutine.async(() -> {
                        clock.print("started");
                        Coroutine.await(sayAfter(1, "hello"));
                        Coroutine.await(sayAfter(2, "world"));
                        clock.print("finished");
                        return true;
                    }),
                    1,
                    1,
                    0);
        }

        @Test
        void asTasksTheyTakeTwoSeconds() {
            asTasks();
            clock.direct(
                    TaskGroup.using(group -> Coroutine.async(() -> {
                        clock.print("started");
                        Task<Boolean> hello = group.start("hello", sayAfter(1, "hello"));
                        Task<Boolean> world = group.start("world", sayAfter(2, "world"));
                        Coroutine.await(hello.join());
                        Coroutine.await(world.join());
                        clock.print("finished");
                        return true;
                    })),
                    2,
                    0);
        }
    }

    @Nested
    class Operators {
        private Mono<Void> sayAfter(int seconds, String what) {
            return sleep(seconds).doOnNext(tick -> clock.print(what)).then();
        }

        private Mono<Void> print(String what) {
            return Mono.fromRunnable(() -> clock.print(what));
        }

        @Test
        void oneAfterTheOtherTakesThreeSeconds() {
            inSequence();
            clock.operators(print("started")
                    .then(sayAfter(1, "hello"))
                    .then(sayAfter(2, "world"))
                    .then(print("finished")));
        }

        @Test
        void asTasksTheyTakeTwoSeconds() {
            asTasks();
            clock.operators(print("started")
                    .then(TaskGroup.using(group -> {
                        group.start("hello", sayAfter(1, "hello"));
                        group.start("world", sayAfter(2, "world"));
                        return Mono.just(true);
                    }))
                    .then(print("finished")));
        }
    }
}
