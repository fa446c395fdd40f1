package io.weir.core.coroutine;

import static io.weir.core.coroutine.VirtualSeconds.sleep;
import static org.assertj.core.api.Assertions.assertThat;

import io.weir.core.sync.AsyncQueue;
import io.weir.core.task.Task;
import io.weir.core.task.TaskGroup;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** A producer, two consumers that take a second for each item, and {@code join}; then the consumers are cancelled. */
class ProducerConsumerTest {
    private static final int ITEMS = 6;

    @RegisterExtension
    final VirtualSeconds clock = new VirtualSeconds();

    private final AsyncQueue<Integer> queue = AsyncQueue.bounded(2);

    @BeforeEach
    void sameOutput() {
        clock.expect(
                "1 s: done 0",
                "1 s: done 1",
                "2 s: done 2",
                "2 s: done 3",
                "3 s: done 4",
                "3 s: done 5",
                "3 s: all done");
    }

    @AfterEach
    void nobodyIsLeft() {
        assertThat(clock.printed()).last().isEqualTo("3 s: all done");
        assertThat(queue.statistics().waitingTakers()).isZero();
    }

    @Nested
    class Direct {
        private Mono<Boolean> produce() {
            return Coroutine.async(() -> {
                for (int i = 0; i < ITEMS; i++) {
                    Coroutine.await(queue.put(i));
                }
                return true;
            });
        }

        private Mono<Boolean> consume() {
            return Coroutine.async(() -> {
                while (true) {
                    int item = Coroutine.await(queue.take());
                    Coroutine.await(sleep(1));
                    clock.print("done " + item);
                    queue.taskDone();
                }
            });
        }

        @Test
        void joinWaitsForTheLastItem() {
            clock.direct(
                    TaskGroup.using(group -> Coroutine.async(() -> {
                        List<Task<Boolean>> consumers =
                                List.of(group.start("consumer 1", consume()), group.start("consumer 2", consume()));
                        Coroutine.await(produce());
                        Coroutine.await(queue.join());
                        clock.print("all done");
                        consumers.forEach(consumer -> consumer.cancel("no more items"));
                        return true;
                    })),
                    2,
                    2,
                    2);
        }
    }

    @Nested
    class Operators {
        private Mono<Void> consume() {
            return queue.asFlux()
                    .concatMap(
                            item -> sleep(1).doOnNext(tick -> {
                                clock.print("done " + item);
                                queue.taskDone();
                            }),
                            0)
                    .then();
        }

        @Test
        void joinWaitsForTheLastItem() {
            clock.operators(TaskGroup.using(group -> {
                List<Task<Void>> consumers =
                        List.of(group.start("consumer 1", consume()), group.start("consumer 2", consume()));
                return queue.putAll(Flux.range(0, ITEMS)).then(queue.join()).then(Mono.fromRunnable(() -> {
                    clock.print("all done");
                    consumers.forEach(consumer -> consumer.cancel("no more items"));
                }));
            }));
        }
    }
}
