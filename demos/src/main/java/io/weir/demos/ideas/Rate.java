package io.weir.demos.ideas;

import io.weir.core.sync.RateLimiter;
import io.weir.core.task.Gather;
import java.util.stream.IntStream;
import reactor.core.publisher.Mono;

/** Six calls at once, of which two a second may go: the first two at once, the others as their turn comes. */
final class Rate implements Demo {
    @Override
    public String name() {
        return "rate";
    }

    @Override
    public String about() {
        return "so many a second, and no more";
    }

    @Override
    public Mono<?> run(Stage stage) {
        return stage.scene("two a second", Mono.defer(() -> {
            RateLimiter twoASecond = RateLimiter.of(2, stage.seconds(1), 2);
            return Gather.failFast(IntStream.rangeClosed(1, 6)
                    .mapToObj(i -> twoASecond.limit(stage.saying("call " + i)))
                    .toList());
        }));
    }
}
