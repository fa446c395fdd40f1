package io.weir.demos.ideas;

import io.weir.core.sync.AsyncBarrier;
import io.weir.core.sync.AsyncCondition;
import io.weir.core.sync.AsyncEvent;
import io.weir.core.sync.AsyncLock;
import io.weir.core.task.Gather;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.stream.Stream;
import reactor.core.publisher.Mono;

/** Tasks that wait for each other: for a signal, for the last one to come, and for a change of what a lock guards. */
final class Meeting implements Demo {
    @Override
    public String name() {
        return "meeting";
    }

    @Override
    public String about() {
        return "an event, a barrier, a lock and its condition";
    }

    @Override
    public Mono<?> run(Stage stage) {
        return stage.scene("an event", event(stage))
                .then(stage.scene("a barrier", barrier(stage)))
                .then(stage.scene("a lock and its condition", letterbox(stage)));
    }

    private static Mono<?> event(Stage stage) {
        AsyncEvent open = AsyncEvent.create();
        Mono<Void> visitor = open.await().then(stage.saying("a visitor comes in"));
        Mono<Void> porter = stage.sleep(1).then(stage.saying("the door opens")).then(Mono.fromRunnable(open::set));
        return Gather.failFast(List.of(visitor, visitor, porter));
    }

    private static Mono<?> barrier(Stage stage) {
        AsyncBarrier table = AsyncBarrier.of(3);
        return Gather.failFast(Stream.of(0.3, 0.6, 0.9)
                .map(seconds -> stage.sleep(seconds)
                        .then(stage.saying("a guest has come"))
                        .then(table.await())
                        .then(stage.saying("a guest sits down")))
                .toList());
    }

    private static Mono<?> letterbox(Stage stage) {
        Queue<String> letters = new ArrayDeque<>();
        AsyncLock lock = AsyncLock.create();
        AsyncCondition changed = AsyncCondition.on(lock);
        Mono<Void> reader = lock.withLock(held -> changed.await(held, () -> !letters.isEmpty())
                .then(Mono.fromSupplier(letters::remove))
                .flatMap(letter -> stage.saying("read: " + letter)));
        Mono<Void> postman = stage.sleep(1).then(lock.withLock(Mono.fromRunnable(() -> {
            stage.say("the postman brings two");
            letters.addAll(List.of("a bill", "a postcard"));
            changed.signalAll();
        })));
        return Gather.failFast(List.of(reader, reader, postman));
    }
}
