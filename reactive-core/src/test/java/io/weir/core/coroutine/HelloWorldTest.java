package io.weir.core.coroutine;

import static io.weir.core.coroutine.VirtualSeconds.sleep;
import static org.assertj.core.api.Assertions.assertThat;

import io.weir.core.task.Gather;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import reactor.core.publisher.Mono;

/** asyncio's first program: hello, a second, world; three of them gathered take one second. */
class HelloWorldTest {
    @RegisterExtension
    final VirtualSeconds clock = new VirtualSeconds();

    @BeforeEach
    void sameOutput() {
        clock.expect("0 s: hello", "0 s: hello", "0 s: hello", "1 s: world", "1 s: world", "1 s: world");
    }

    @Nested
    class Direct {
        private Mono<Integer> count() {
            return Coroutine.async(() -> {
                clock.print("hello");
                Coroutine.await(sleep(1));
                clock.print("world");
                return 1;
            });
        }

        @Test
        void threeGatheredTakeOneSecond() {
            assertThat(clock.direct(Gather.failFast(List.of(count(), count(), count())), 3))
                    .containsExactly(1, 1, 1);
        }
    }

    @Nested
    class Operators {
        private Mono<Integer> count() {
            return Mono.fromRunnable(() -> clock.print("hello")).then(sleep(1)).then(Mono.fromSupplier(() -> {
                clock.print("world");
                return 1;
            }));
        }

        @Test
        void threeGatheredTakeOneSecond() {
            assertThat(clock.operators(Gather.failFast(List.of(count(), count(), count()))))
                    .containsExactly(1, 1, 1);
        }
    }
}
