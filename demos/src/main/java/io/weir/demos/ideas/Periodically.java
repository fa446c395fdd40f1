package io.weir.demos.ideas;

import io.weir.core.task.Deadline;
import io.weir.core.task.DeadlineExceededException;
import io.weir.core.task.Periodic;
import java.util.concurrent.atomic.AtomicInteger;
import reactor.core.publisher.Mono;

/** Something every half second, measured from the start and not from its last end; a run that takes too long skips a turn. */
final class Periodically implements Demo {
    @Override
    public String name() {
        return "periodic";
    }

    @Override
    public String about() {
        return "every half second without drift, and a run that is too long";
    }

    @Override
    public Mono<?> run(Stage stage) {
        return stage.scene("every 0.5 s, for 2.75 s", Mono.defer(() -> {
            AtomicInteger runs = new AtomicInteger();
            Mono<Void> periodic = Periodic.run(stage.seconds(0.5), Periodic.Overrun.SKIP, () -> {
                int run = runs.incrementAndGet();
                stage.say("run " + run);
                return stage.sleep(run == 2 ? 0.75 : 0.1); // the second is late for the third's turn
            });
            return Deadline.within(stage.seconds(2.75), periodic)
                    .onErrorResume(DeadlineExceededException.class, over -> stage.saying("that was long enough"));
        }));
    }
}
