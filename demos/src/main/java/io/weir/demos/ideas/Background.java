package io.weir.demos.ideas;

import io.weir.core.task.Task;
import io.weir.core.task.TaskGroup;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** A task works in the background while others go on; the group's end is its end too: nothing is left behind. */
final class Background implements Demo {
    @Override
    public String name() {
        return "background";
    }

    @Override
    public String about() {
        return "work in the background, which ends with what it belongs to";
    }

    @Override
    public Mono<?> run(Stage stage) {
        return stage.scene("a heartbeat beside the work", TaskGroup.using(group -> {
            Task<Void> heart = group.start("heartbeat", heartbeat(stage));
            return work(stage).then(Mono.fromRunnable(() -> heart.cancel("the work is done")));
        }));
    }

    private static Mono<Void> heartbeat(Stage stage) {
        return Flux.interval(stage.seconds(1))
                .doOnNext(n -> stage.say("beat " + (n + 1)))
                .doOnCancel(() -> stage.say("the heart stops"))
                .then();
    }

    private static Mono<Void> work(Stage stage) {
        return stage.saying("work begins").then(stage.sleep(2.5)).then(stage.saying("work is done"));
    }
}
