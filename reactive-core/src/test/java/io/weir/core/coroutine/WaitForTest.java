package io.weir.core.coroutine;

import static io.weir.core.coroutine.VirtualSeconds.sleep;

import io.weir.core.task.Deadline;
import io.weir.core.task.DeadlineExceededException;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import reactor.core.publisher.Mono;

/** {@code wait_for(eternity(), timeout=1)} of Python's documentation. */
class WaitForTest {
    private static final Duration ONE = Duration.ofSeconds(1);

    @RegisterExtension
    final VirtualSeconds clock = new VirtualSeconds();

    @BeforeEach
    void sameOutput() {
        clock.expect("0 s: waiting", "1 s: timeout!");
    }

    @Nested
    class Direct {
        private Mono<Boolean> eternity() {
            return Coroutine.async(() -> {
                Coroutine.await(sleep(3600));
                clock.print("yay!");
                return true;
            });
        }

        @Test
        void itTimesOut() {
            clock.direct(
                    Coroutine.async(() -> {
                        clock.print("waiting");
                        try {
                            return Coroutine.await(Deadline.within(ONE, eternity()));
                        } catch (DeadlineExceededException e) {
                            clock.print("timeout!");
                            return false;
                        }
                    }),
                    2);
        }
    }

    @Nested
    class Operators {
        @Test
        void itTimesOut() {
            Mono<Boolean> eternity = sleep(3600).map(tick -> {
                clock.print("yay!");
                return true;
            });
            clock.operators(Mono.fromRunnable(() -> clock.print("waiting"))
                    .then(Deadline.within(ONE, eternity))
                    .onErrorResume(DeadlineExceededException.class, e -> {
                        clock.print("timeout!");
                        return Mono.just(false);
                    }));
        }
    }
}
