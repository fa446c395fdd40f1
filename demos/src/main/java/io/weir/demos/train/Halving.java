package io.weir.demos.train;

import io.weir.core.coroutine.Coroutine;
import io.weir.core.sync.AsyncEvent;
import io.weir.core.sync.AsyncQueue;
import io.weir.core.task.Task;
import io.weir.core.task.TaskGroup;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Successive halving: all trials train at once up to a rung, where each tells its loss and waits; the worse half is cancelled, the
 * others go on to the next rung, twice as far. The computing goes to what is promising.
 *
 * <p>All trials at a rung are judged together, so the result does not depend on which was quicker. That one waits holds no
 * thread.
 */
final class Halving {
    private final List<Trial> trials;
    private final int[] rungs;

    /** @param firstRung how many epochs all trials are given */
    Halving(List<Trial> trials, int firstRung) {
        this.trials = List.copyOf(trials);
        int halvings = 32 - Integer.numberOfLeadingZeros(trials.size() - 1);
        this.rungs = IntStream.range(0, halvings).map(i -> firstRung << i).toArray();
    }

    /** How far the last two go. */
    int lastEpoch() {
        return rungs[rungs.length - 1];
    }

    /**
     * Emits the best, with its loss. Each trial is a task named after it, and none outlives this.
     *
     * @param judged hears of each rung, in order
     */
    Mono<Score> run(Consumer<Judgement> judged) {
        return TaskGroup.using(group -> {
            AsyncQueue<Score> reached = AsyncQueue.bounded(trials.size());
            List<AsyncEvent> gates =
                    IntStream.of(rungs).mapToObj(rung -> AsyncEvent.create()).toList();
            Map<Trial, Task<Void>> running = new LinkedHashMap<>();
            trials.forEach(trial -> running.put(trial, group.start(trial.name(), climb(trial, reached, gates))));
            return Coroutine.async(() -> judge(running, reached, gates, judged));
        });
    }

    private Mono<Void> climb(Trial trial, AsyncQueue<Score> reached, List<AsyncEvent> gates) {
        return Flux.range(0, rungs.length)
                .concatMap(i -> trial.train(i == 0 ? 0 : rungs[i - 1], rungs[i], lastEpoch())
                        .flatMap(loss -> reached.put(new Score(trial, loss)))
                        .then(gates.get(i).await()))
                .then();
    }

    private Score judge(
            Map<Trial, Task<Void>> running,
            AsyncQueue<Score> reached,
            List<AsyncEvent> gates,
            Consumer<Judgement> judged) {
        for (int i = 0; ; i++) {
            // NaN is more than any number, so who got lost comes last.
            List<Score> scores = Objects.requireNonNull(Coroutine.await(Flux.range(0, running.size())
                    .concatMap(one -> reached.take())
                    .sort(Comparator.comparingDouble(Score::loss))
                    .collectList()));
            int half = (scores.size() + 1) / 2;
            Judgement judgement = new Judgement(rungs[i], scores.subList(0, half), scores.subList(half, scores.size()));
            judgement
                    .out()
                    .forEach(score -> Objects.requireNonNull(running.remove(score.trial()))
                            .cancel("is among the worse half after " + judgement.epoch() + " epochs"));
            judged.accept(judgement);
            gates.get(i).set();
            if (half == 1) {
                return scores.get(0);
            }
        }
    }
}
