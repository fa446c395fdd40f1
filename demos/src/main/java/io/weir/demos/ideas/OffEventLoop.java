package io.weir.demos.ideas;

import io.weir.core.offload.Offload;
import io.weir.core.task.Gather;
import java.util.List;
import reactor.core.publisher.Mono;

/** Blocking calls go to threads that may block, long computations to as many threads as there are cores: the caller's thread is free. */
final class OffEventLoop implements Demo {
    @Override
    public String name() {
        return "offload";
    }

    @Override
    public String about() {
        return "blocking and computing away from the event loop";
    }

    @Override
    public Mono<?> run(Stage stage) {
        Mono<String> blocking = Offload.blocking(() -> {
            Thread.sleep(stage.seconds(1).toMillis());
            return "a blocking call, on " + kindOfThread();
        });
        Mono<String> computing =
                Offload.cpu(() -> "the sum of the primes below a million, " + primes() + ", on " + kindOfThread());
        return stage.scene(
                "both at once",
                Gather.failFast(List.of(blocking, computing)).doOnNext(results -> results.forEach(stage::say)));
    }

    private static String kindOfThread() {
        return Thread.currentThread().getName().replaceAll("-?\\d+$", "");
    }

    private static long primes() {
        boolean[] composite = new boolean[1_000_000];
        long sum = 0;
        for (int i = 2; i < composite.length; i++) {
            if (!composite[i]) {
                sum += i;
                for (long j = (long) i * i; j < composite.length; j += i) {
                    composite[(int) j] = true;
                }
            }
        }
        return sum;
    }
}
