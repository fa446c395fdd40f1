package io.weir.core.coroutine;

import static io.weir.core.coroutine.VirtualSeconds.sleep;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import reactor.core.publisher.Flux;

/** {@code async for} over an async generator that sleeps before each element. */
class AsyncForTest {
    @RegisterExtension
    final VirtualSeconds clock = new VirtualSeconds();

    @BeforeEach
    void sameOutput() {
        clock.expect("1 s: got 0", "2 s: got 1", "3 s: got 4", "3 s: the sum is 5");
    }

    @AfterEach
    void thisIsTheLastLine() {
        assertThat(clock.printed()).last().isEqualTo("3 s: the sum is 5");
    }

    @Nested
    class Direct {
        private Flux<Integer> squares(int many) {
            return Coroutine.generate(out -> {
                for (int i = 0; i < many; i++) {
                    Coroutine.await(sleep(1));
                    out.yield(i * i);
                }
            });
        }

        @Test
        void theLoopGetsEachElementWhenItIsThere() {
            // With a prefetch of one, the generator goes on when the loop has taken.
            clock.direct(
                    Coroutine.async(() -> {
                        int sum = 0;
                        try (AsyncIterator<Integer> all = Coroutine.iterate(squares(3), 1)) {
                            for (int square : all) {
                                clock.print("got " + square);
                                sum += square;
                            }
                        }
                        clock.print("the sum is " + sum);
                        return true;
                    }),
                    1,
                    1,
                    1);
        }
    }

    @Nested
    class Operators {
        private Flux<Integer> squares(int many) {
            return Generators.unfold(
                    0, i -> sleep(1).map(tick -> new Generators.Step<>(i * i, i + 1 == many ? null : i + 1)));
        }

        @Test
        void theLoopGetsEachElementWhenItIsThere() {
            clock.operators(squares(3)
                    .doOnNext(square -> clock.print("got " + square))
                    .reduce(0, Integer::sum)
                    .doOnNext(sum -> clock.print("the sum is " + sum)));
        }
    }
}
