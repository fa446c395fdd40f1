package io.weir.demos.ideas;

import static io.weir.core.coroutine.Coroutine.await;

import io.weir.core.coroutine.Coroutine;
import io.weir.core.task.Deadline;
import io.weir.core.task.DeadlineExceededException;
import reactor.core.publisher.Mono;

/** What would take an hour is given one second. */
final class Timeout implements Demo {
    @Override
    public String name() {
        return "timeout";
    }

    @Override
    public String about() {
        return "an hour's sleep, given one second";
    }

    @Override
    public Mono<?> run(Stage stage) {
        return stage.scene("in operators", operators(stage)).then(stage.scene("in direct style", direct(stage)));
    }

    private static Mono<Void> eternity(Stage stage) {
        return stage.sleep(3600).then(stage.saying("yay!")).doOnCancel(() -> stage.say("eternity is cancelled"));
    }

    private static Mono<Void> operators(Stage stage) {
        return Deadline.within(stage.seconds(1), eternity(stage))
                .onErrorResume(DeadlineExceededException.class, late -> stage.saying("timeout!"));
    }

    private static Mono<Void> direct(Stage stage) {
        return Coroutine.async(() -> {
            try {
                await(Deadline.within(stage.seconds(1), eternity(stage)));
            } catch (DeadlineExceededException late) {
                stage.say("timeout!");
            }
            return null;
        });
    }
}
