package io.weir.demos.ideas;

import io.weir.core.sync.AsyncQueue;
import io.weir.core.sync.AsyncSemaphore;
import io.weir.core.sync.Select;
import io.weir.core.sync.WaitTimeoutException;
import io.weir.core.task.TaskGroup;
import reactor.core.publisher.Mono;

/** Whoever waits for a while only, or at several places at once, takes what is there or leaves it: nothing is lost between. */
final class Impatient implements Demo {
    @Override
    public String name() {
        return "impatient";
    }

    @Override
    public String about() {
        return "waits with an end, and waits for one of several";
    }

    @Override
    public Mono<?> run(Stage stage) {
        return stage.scene("a queue, for one second", poll(stage))
                .then(stage.scene("a permit, for one second", permit(stage)))
                .then(stage.scene("one of two queues", select(stage)));
    }

    private static Mono<Void> poll(Stage stage) {
        AsyncQueue<String> letters = AsyncQueue.bounded(1);
        Mono<Void> look = letters.poll(stage.seconds(1))
                .defaultIfEmpty("nothing")
                .flatMap(found -> stage.saying("found: " + found));
        return look.then(letters.put("a letter")).then(look);
    }

    private static Mono<Void> permit(Stage stage) {
        AsyncSemaphore rooms = AsyncSemaphore.of(1);
        return TaskGroup.using(group -> {
            group.start("guest", rooms.withPermit(stage.sleep(2)));
            return rooms.withPermit(stage.seconds(1), stage.saying("a room, at last"))
                    .onErrorResume(WaitTimeoutException.class, full -> stage.saying("no room"));
        });
    }

    private static Mono<Void> select(Stage stage) {
        AsyncQueue<Integer> orders = AsyncQueue.bounded(2);
        AsyncQueue<String> complaints = AsyncQueue.bounded(2);
        Mono<Void> next = Select.first(
                        orders.onTake(order -> "order no. " + order), complaints.onTake(text -> "complaint: " + text))
                .flatMap(stage::saying);
        return TaskGroup.using(group -> {
            group.start("customer", stage.sleep(0.5).then(complaints.put("too slow")));
            group.start("buyer", stage.sleep(1).then(orders.put(7)));
            return next.then(next);
        });
    }
}
