package io.weir.core.coroutine;

import static io.weir.core.coroutine.VirtualSeconds.sleep;
import static org.assertj.core.api.Assertions.assertThat;

import io.weir.core.task.Gather;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Chained coroutines: two parts each, the second of which needs the first's result; three chains gathered. */
class ChainTest {
    private static final List<Integer> SECONDS = List.of(1, 2, 3);

    @RegisterExtension
    final VirtualSeconds clock = new VirtualSeconds();

    @BeforeEach
    void sameOutput() {
        clock.expect(
                "1 s: chain 1: part one",
                "2 s: chain 1: part two of result 1-1",
                "2 s: chain 2: part one",
                "3 s: chain 3: part one",
                "4 s: chain 2: part two of result 2-1",
                "6 s: chain 3: part two of result 3-1");
    }

    @Nested
    class Direct {
        private Mono<String> part1(int n) {
            return Coroutine.async(() -> {
                Coroutine.await(sleep(n));
                clock.print("chain " + n + ": part one");
                return "result " + n + "-1";
            });
        }

        private Mono<String> part2(int n, String first) {
            return Coroutine.async(() -> {
                Coroutine.await(sleep(n));
                clock.print("chain " + n + ": part two of " + first);
                return "result " + n + "-2 from " + first;
            });
        }

        private Mono<String> chain(int n) {
            return Coroutine.async(() -> {
                String first = Coroutine.await(part1(n));
                return Coroutine.await(part2(n, first));
            });
        }

        @Test
        void eachPartWaitsForTheOneBeforeAndTheChainsForNobody() {
            Mono<List<String>> program =
                    Gather.failFast(SECONDS.stream().map(this::chain).toList());
            assertThat(clock.direct(program, 3, 1, 1, 1, 0, 0))
                    .containsExactly(
                            "result 1-2 from result 1-1", "result 2-2 from result 2-1", "result 3-2 from result 3-1");
        }
    }

    @Nested
    class Operators {
        private Mono<String> part1(int n) {
            return sleep(n).map(tick -> {
                clock.print("chain " + n + ": part one");
                return "result " + n + "-1";
            });
        }

        private Mono<String> part2(int n, String first) {
            return sleep(n).map(tick -> {
                clock.print("chain " + n + ": part two of " + first);
                return "result " + n + "-2 from " + first;
            });
        }

        @Test
        void eachPartWaitsForTheOneBeforeAndTheChainsForNobody() {
            Mono<List<String>> program = Flux.fromIterable(SECONDS)
                    .flatMapSequential(n -> part1(n).flatMap(first -> part2(n, first)))
                    .collectList();
            assertThat(clock.operators(program))
                    .containsExactly(
                            "result 1-2 from result 1-1", "result 2-2 from result 2-1", "result 3-2 from result 3-1");
        }
    }
}
