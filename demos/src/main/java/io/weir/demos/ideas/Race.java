package io.weir.demos.ideas;

import io.weir.core.task.Completion;
import io.weir.core.task.Gather;
import io.weir.core.task.Outcome;
import io.weir.core.task.Task;
import io.weir.core.task.TaskGroup;
import java.util.List;
import reactor.core.publisher.Mono;

/** Three set out: each is told of as it arrives, or only the first that gets through. And one is cancelled in vain. */
final class Race implements Demo {
    @Override
    public String name() {
        return "race";
    }

    @Override
    public String about() {
        return "each as it is done, the first that succeeds, and a shield";
    }

    @Override
    public Mono<?> run(Stage stage) {
        return stage.scene("as completed", asCompleted(stage))
                .then(stage.scene("the first success", firstSuccess(stage)))
                .then(stage.scene("shielded", shielded(stage)));
    }

    private static Mono<Void> asCompleted(Stage stage) {
        return Gather.asCompleted(List.of(answer(stage, 0.9, "slow"), answer(stage, 0.3, "fast"), refusal(stage, 0.6)))
                .doOnNext(completion -> stage.say(told(completion)))
                .then();
    }

    private static String told(Completion<String> completion) {
        String outcome =
                completion.outcome() instanceof Outcome.Success<String> success ? success.value() : "has failed";
        return "no. " + completion.index() + ": " + outcome;
    }

    private static Mono<String> firstSuccess(Stage stage) {
        Mono<String> never = answer(stage, 3600, "late").doOnCancel(() -> stage.say("the last is cancelled"));
        return Gather.firstSuccess(List.of(refusal(stage, 0.3), answer(stage, 0.6, "here"), never))
                .doOnNext(first -> stage.say("the first that succeeds: " + first));
    }

    private static Mono<Void> shielded(Stage stage) {
        Mono<Void> payment = stage.sleep(1).then(stage.saying("the payment is made"));
        return TaskGroup.using(group -> {
            Task<Void> order = group.start("order", TaskGroup.shield(payment));
            return stage.sleep(0.5)
                    .then(Mono.fromRunnable(() -> {
                        stage.say("cancel it");
                        order.cancel("no longer wanted");
                    }))
                    .then(order.terminated())
                    .then(stage.saying("the order has ended"));
        });
    }

    private static Mono<String> answer(Stage stage, double seconds, String answer) {
        return stage.sleep(seconds).thenReturn(answer);
    }

    private static Mono<String> refusal(Stage stage, double seconds) {
        return stage.sleep(seconds).then(Mono.error(new IllegalStateException("no")));
    }
}
