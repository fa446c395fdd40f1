package io.weir.demos.ideas;

import io.weir.core.sync.AsyncQueue;
import io.weir.core.task.TaskGroup;
import io.weir.core.task.TaskTree;
import reactor.core.publisher.Mono;

/** What runs, within what, since when, and what it waits on: to be asked at any time, as here, or by JMX at three in the morning. */
final class LiveTree implements Demo {
    @Override
    public String name() {
        return "tree";
    }

    @Override
    public String about() {
        return "the live tree of tasks while they work";
    }

    @Override
    public Mono<?> run(Stage stage) {
        return stage.scene(
                "while they work", TaskGroup.failFast().name("checkout").using(group -> {
                    AsyncQueue<String> answers = AsyncQueue.bounded(1);
                    group.start("payment", answers.take());
                    group.start(
                            "stock", TaskGroup.supervisor().name("warehouses").using(houses -> {
                                houses.start("north", stage.sleep(1));
                                houses.start("south", stage.sleep(1));
                                return stage.sleep(1);
                            }));
                    return stage.sleep(0.5)
                            .then(Mono.fromRunnable(
                                    () -> TaskTree.dump().lines().forEach(stage::say)))
                            .then(answers.put("paid"));
                }));
    }
}
