package io.weir.core.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Hooks;
import reactor.core.publisher.Mono;

/** A cancel at any moment leaves no process, no thread and no descriptor behind. */
@EnabledOnOs(OS.LINUX)
class RandomCancelTest {
    private static final int TIMES = 300;
    private static final int AT_ONCE = 10;
    private static final long LONGEST_NANOS = 20_000_000;

    @Test
    void leavesNothingBehind() {
        Hooks.onErrorDropped(e -> {
            throw new AssertionError("dropped", e);
        });
        try {
            AsyncProcess.run(Command.of("true")).block();
            Leftovers.none();
            long before = Leftovers.descriptors();
            Random random = new Random(42);
            List<Flux<?>> kinds = List.of(
                    AsyncProcess.run(Command.of("true")).flux(),
                    AsyncProcess.run(Command.shell("sleep 100 & sleep 100")).flux(),
                    AsyncProcess.run(Command.of("cat").withInput(new byte[1 << 20]))
                            .flux(),
                    AsyncProcess.run(Command.of("sleep", "100").withInput(new byte[1 << 20]))
                            .flux(),
                    AsyncProcess.lines(Command.of("yes")),
                    AsyncProcess.lines(Command.shell("sleep 100 & yes | head -n 10000")),
                    AsyncProcess.using(Command.of("cat"), process -> process.write(Flux.never()))
                            .flux(),
                    AsyncProcess.start(Command.of("true"))
                            .flatMap(AsyncProcess::exit)
                            .flux());
            for (int i = 0; i < TIMES; i += AT_ONCE) {
                List<Disposable> running = random.ints(AT_ONCE, 0, kinds.size())
                        .mapToObj(kind -> kinds.get(kind).subscribe())
                        .toList();
                LockSupport.parkNanos((long) (random.nextDouble() * LONGEST_NANOS));
                running.forEach(Disposable::dispose);
            }
            Leftovers.none();
            Leftovers.eventually("descriptors are closed", () -> Leftovers.descriptors() <= before);
            assertThat(Mono.from(AsyncProcess.run(Command.of("true"))).block()).isNotNull();
        } finally {
            Hooks.resetOnErrorDropped();
        }
    }
}
