package io.weir.demos.ideas;

import io.weir.core.task.Task;
import io.weir.core.task.TaskGroup;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Tasks run from when they are started: one is asked how far it is, tells by a callback that it is done, and is joined. */
final class Tasks implements Demo {
    @Override
    public String name() {
        return "tasks";
    }

    @Override
    public String about() {
        return "start, progress, callback, join";
    }

    @Override
    public Mono<?> run(Stage stage) {
        return stage.scene("one group, two tasks", TaskGroup.using(group -> {
            Task<Integer> sum = group.start("sum", sum(stage));
            Task<Void> tea = group.start("tea", stage.sleep(1.5));
            sum.onDone(outcome -> stage.say("callback: sum ended with " + outcome));
            tea.onDone(outcome -> stage.say("callback: tea ended with " + outcome));
            return stage.sleep(0.55)
                    .then(Mono.fromRunnable(() -> stage.say("sum is " + sum.state() + ", progress "
                            + sum.progress()
                                    .map(p -> p.done() + " of " + p.total())
                                    .orElse("unknown"))))
                    .then(sum.join())
                    .flatMap(value -> stage.saying("joined: the sum is " + value))
                    .then(tea.join());
        }));
    }

    /** Adds up to five, a fifth of a second each, and reports to the task it runs in. */
    private static Mono<Integer> sum(Stage stage) {
        return Mono.deferContextual(context -> Flux.range(1, 5)
                .concatMap(i -> stage.sleep(0.2).thenReturn(i))
                .doOnNext(i -> Task.current(context).ifPresent(task -> task.report(i, 5)))
                .reduce(0, Integer::sum));
    }
}
