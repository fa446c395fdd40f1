package io.weir.demos.ideas;

import static io.weir.core.coroutine.Coroutine.await;

import io.weir.core.coroutine.Coroutine;
import io.weir.core.task.Gather;
import java.util.List;
import reactor.core.publisher.Mono;

/** The first program of asyncio's documentation: two that wait one and two seconds take three after each other, two at once. */
final class SequenceAndGather implements Demo {
    @Override
    public String name() {
        return "sequence-and-gather";
    }

    @Override
    public String about() {
        return "one after the other takes 3 s, at once 2 s";
    }

    @Override
    public Mono<?> run(Stage stage) {
        return stage.scene("one after the other", inSequence(stage))
                .then(stage.scene("at once", atOnce(stage)))
                .then(stage.scene("one after the other, in direct style", inSequenceDirect(stage)));
    }

    private static Mono<Void> sayAfter(Stage stage, double seconds, String what) {
        return stage.sleep(seconds).then(stage.saying(what));
    }

    private static Mono<Void> inSequence(Stage stage) {
        return stage.saying("started")
                .then(sayAfter(stage, 1, "hello"))
                .then(sayAfter(stage, 2, "world"))
                .then(stage.saying("finished"));
    }

    private static Mono<Void> atOnce(Stage stage) {
        return stage.saying("started")
                .then(Gather.failFast(List.of(sayAfter(stage, 1, "hello"), sayAfter(stage, 2, "world"))))
                .then(stage.saying("finished"));
    }

    private static Mono<Void> inSequenceDirect(Stage stage) {
        return Coroutine.async(() -> {
            stage.say("started");
            await(sayAfter(stage, 1, "hello"));
            await(sayAfter(stage, 2, "world"));
            stage.say("finished");
            return null;
        });
    }
}
