package io.weir.demos.ideas;

import io.weir.core.sync.AsyncSemaphore;
import io.weir.core.task.Gather;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import reactor.core.publisher.Mono;

/** Nine want a database that serves three at once. No thread waits, and nobody is overtaken. */
final class Semaphore implements Demo {
    @Override
    public String name() {
        return "semaphore";
    }

    @Override
    public String about() {
        return "nine at a resource that serves three at once";
    }

    @Override
    public Mono<?> run(Stage stage) {
        return stage.scene("nine queries, three at once", Mono.defer(() -> {
            AsyncSemaphore connections = AsyncSemaphore.of(3);
            AtomicInteger now = new AtomicInteger();
            AtomicInteger most = new AtomicInteger();
            List<Mono<Void>> queries = IntStream.rangeClosed(1, 9)
                    .mapToObj(i -> connections.withPermit(query(stage, now, most)))
                    .toList();
            return Gather.failFast(queries)
                    .then(Mono.fromRunnable(
                            () -> stage.say("all are answered, at most " + most + " were at it at once")));
        }));
    }

    private static Mono<Void> query(Stage stage, AtomicInteger now, AtomicInteger most) {
        return Mono.<Void>fromRunnable(() -> most.accumulateAndGet(now.incrementAndGet(), Math::max))
                .then(stage.sleep(0.4))
                // Not doFinally, which runs after the permit has gone to the next one.
                .doOnTerminate(now::decrementAndGet);
    }
}
