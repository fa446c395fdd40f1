package io.weir.demos.ideas;

import static io.weir.core.coroutine.Coroutine.await;

import io.weir.core.coroutine.Coroutine;
import io.weir.core.sync.Bracket;
import io.weir.core.task.Task;
import io.weir.core.task.TaskGroup;
import reactor.core.publisher.Mono;

/** A task is cancelled, cleans up, which takes a while, and only then has ended: the one that cancelled it can wait for that. */
final class Cancel implements Demo {
    @Override
    public String name() {
        return "cancel";
    }

    @Override
    public String about() {
        return "a cancelled task cleans up before it has ended";
    }

    @Override
    public Mono<?> run(Stage stage) {
        return stage.scene("in operators", cancelled(stage, operators(stage)))
                .then(stage.scene("in direct style", cancelled(stage, direct(stage))));
    }

    /** Starts the task, cancels it a second later, and waits until it has ended. */
    private static Mono<Void> cancelled(Stage stage, Mono<Void> work) {
        return TaskGroup.supervisor().using(group -> {
            Task<Void> task = group.start("long work", work);
            return stage.sleep(1)
                    .then(Mono.fromRunnable(() -> {
                        stage.say("main: cancel it");
                        task.cancel("no longer needed");
                    }))
                    .then(task.terminated())
                    .then(Mono.fromRunnable(() -> stage.say("main: it is " + task.state())));
        });
    }

    private static Mono<Void> operators(Stage stage) {
        return Bracket.using(
                stage.saying("task: starts").thenReturn("connection"),
                connection -> stage.sleep(3600),
                connection ->
                        stage.saying("task: cleans up").then(stage.sleep(0.5)).then(stage.saying("task: is clean")));
    }

    private static Mono<Void> direct(Stage stage) {
        return Coroutine.async(() -> {
            stage.say("task: starts");
            try {
                await(stage.sleep(3600));
            } finally {
                stage.say("task: cleans up");
                Coroutine.awaitShielded(stage.seconds(2), stage.sleep(0.5));
                stage.say("task: is clean");
            }
            return null;
        });
    }
}
