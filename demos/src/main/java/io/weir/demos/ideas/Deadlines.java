package io.weir.demos.ideas;

import io.weir.core.sync.AsyncQueue;
import io.weir.core.task.Deadline;
import io.weir.core.task.DeadlineExceededException;
import reactor.core.publisher.Mono;

/** A deadline is set once, outside, and all that runs within knows how much of it is left; it names what was waited for. */
final class Deadlines implements Demo {
    @Override
    public String name() {
        return "deadline";
    }

    @Override
    public String about() {
        return "one deadline that everything inside inherits";
    }

    @Override
    public Mono<?> run(Stage stage) {
        return stage.scene(
                "two seconds for everything",
                Deadline.within(stage.seconds(2), report(stage))
                        .onErrorResume(
                                DeadlineExceededException.class,
                                late -> stage.saying("too late, it was waiting for: "
                                        + late.waitingOn().get(0))));
    }

    private static Mono<Void> report(Stage stage) {
        AsyncQueue<String> answers = AsyncQueue.bounded(1);
        return left(stage, "at first")
                .then(stage.sleep(0.75))
                .then(left(stage, "after the first step"))
                // A deadline inside can only be shorter: ten seconds are cut to what is left.
                .then(Deadline.within(
                        stage.seconds(10), left(stage, "inside of ten seconds").then(answers.take())))
                .then();
    }

    private static Mono<Void> left(Stage stage, String when) {
        return Mono.deferContextual(context -> {
            double share = Deadline.remaining(context).orElseThrow().toNanos()
                    / (double) stage.seconds(2).toNanos();
            return stage.saying("%s, %.0f quarters are left".formatted(when, Math.ceil(share * 4)));
        });
    }
}
