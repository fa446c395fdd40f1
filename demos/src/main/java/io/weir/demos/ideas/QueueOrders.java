package io.weir.demos.ideas;

import io.weir.core.sync.AsyncQueue;
import java.util.Comparator;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** The same words put into queues of each order; closed, a queue is emptied and then ends. */
final class QueueOrders implements Demo {
    @Override
    public String name() {
        return "queue-orders";
    }

    @Override
    public String about() {
        return "first come, last come, least: and the end of a queue";
    }

    @Override
    public Mono<?> run(Stage stage) {
        return stage.scene(
                "the same words",
                Mono.defer(() -> told(stage, "first come", AsyncQueue.bounded(4))
                        .then(told(stage, "last come", AsyncQueue.lifo(4)))
                        .then(told(stage, "least", AsyncQueue.priority(4, Comparator.naturalOrder())))));
    }

    private static Mono<Void> told(Stage stage, String order, AsyncQueue<String> queue) {
        return queue.putAll(Flux.just("pear", "fig", "quince", "apple"))
                .then(Mono.fromRunnable(queue::close))
                .thenMany(queue.asFlux())
                .collectList()
                .flatMap(words -> stage.saying(order + ": " + words));
    }
}
