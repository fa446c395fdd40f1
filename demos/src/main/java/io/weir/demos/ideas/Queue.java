package io.weir.demos.ideas;

import static io.weir.core.coroutine.Coroutine.await;

import io.weir.core.coroutine.Coroutine;
import io.weir.core.sync.AsyncQueue;
import io.weir.core.task.Task;
import io.weir.core.task.TaskGroup;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Two producers fill a small queue, five workers empty it; when all is worked off, the workers, which would wait for ever, are cancelled. */
final class Queue implements Demo {
    private static final int PRODUCERS = 2;
    private static final int WORKERS = 5;
    private static final int JOBS_EACH = 10;

    @Override
    public String name() {
        return "queue";
    }

    @Override
    public String about() {
        return "producers, five workers, join, and the workers are cancelled";
    }

    @Override
    public Mono<?> run(Stage stage) {
        return stage.scene("workers in operators", play(stage, Queue::worker))
                .then(stage.scene("workers in direct style", play(stage, Queue::workerInDirectStyle)));
    }

    private interface Worker {
        Mono<Void> of(Stage stage, AsyncQueue<Integer> queue, AtomicInteger done);
    }

    private static Mono<Void> play(Stage stage, Worker worker) {
        return Mono.defer(() -> {
            AsyncQueue<Integer> queue = AsyncQueue.bounded(4);
            AtomicInteger done = new AtomicInteger();
            return TaskGroup.using(workers -> {
                List<Task<Void>> five = IntStream.rangeClosed(1, WORKERS)
                        .mapToObj(i -> workers.start("worker " + i, worker.of(stage, queue, done)))
                        .toList();
                return TaskGroup.using(producers -> {
                            for (int i = 1; i <= PRODUCERS; i++) {
                                producers.start("producer " + i, producer(queue));
                            }
                            return Mono.empty();
                        })
                        .then(stage.saying("all jobs are in the queue"))
                        .then(queue.join())
                        .then(Mono.fromRunnable(() -> {
                            stage.say(done + " jobs are done");
                            five.forEach(one -> one.cancel("no more jobs"));
                        }));
            });
        });
    }

    /** Waits wherever the queue is full. */
    private static Mono<Void> producer(AsyncQueue<Integer> queue) {
        return Flux.range(0, JOBS_EACH).concatMap(queue::put).then();
    }

    private static Mono<Void> worker(Stage stage, AsyncQueue<Integer> queue, AtomicInteger done) {
        return queue.asFlux()
                .concatMap(job ->
                        stage.sleep(0.1).doOnTerminate(done::incrementAndGet).doFinally(end -> queue.taskDone()))
                .then();
    }

    private static Mono<Void> workerInDirectStyle(Stage stage, AsyncQueue<Integer> queue, AtomicInteger done) {
        return Coroutine.async(() -> {
            while (true) {
                await(queue.take());
                try {
                    await(stage.sleep(0.1));
                    done.incrementAndGet();
                } finally {
                    queue.taskDone();
                }
            }
        });
    }
}
