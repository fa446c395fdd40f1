package io.weir.demos.ideas;

import static io.weir.core.coroutine.Coroutine.await;

import io.weir.core.coroutine.Coroutine;
import io.weir.core.task.Gather;
import java.util.List;
import reactor.core.publisher.Mono;

/** Three that say hello and, a second later, world: all at once, so that it takes one second and not three. */
final class Hello implements Demo {
    @Override
    public String name() {
        return "hello";
    }

    @Override
    public String about() {
        return "three times hello, a second, world, at once";
    }

    @Override
    public Mono<?> run(Stage stage) {
        return stage.scene("in operators", threeAtOnce(operators(stage)))
                .then(stage.scene("in direct style", threeAtOnce(direct(stage))));
    }

    private static Mono<?> threeAtOnce(Mono<Void> greeting) {
        return Gather.failFast(List.of(greeting, greeting, greeting));
    }

    private static Mono<Void> operators(Stage stage) {
        return stage.saying("hello").then(stage.sleep(1)).then(stage.saying("world"));
    }

    private static Mono<Void> direct(Stage stage) {
        return Coroutine.async(() -> {
            stage.say("hello");
            await(stage.sleep(1));
            stage.say("world");
            return null;
        });
    }
}
