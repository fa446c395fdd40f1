package io.weir.demos.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.weir.core.task.Outcome;
import io.weir.core.task.Task;
import io.weir.core.task.TaskGroup;
import io.weir.core.task.TaskTree;
import io.weir.demos.train.Moons.Point;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

class HalvingTest {
    private static final List<Point> LESSONS = Moons.points(100, 1);
    private static final List<Point> EXAM = Moons.points(50, 2);

    private final List<Judgement> judgements = new ArrayList<>();

    @Test
    void theSameSeedGivesTheSameResultWhateverTheThreads() {
        Score once = Objects.requireNonNull(
                new Halving(trials(8), 4).run(judgements::add).block());
        Score again = Objects.requireNonNull(
                new Halving(trials(8), 4).run(judgements::add).block());
        assertThat(again.trial().name()).isEqualTo(once.trial().name());
        assertThat(again.loss()).isEqualTo(once.loss());
    }

    @Test
    void theWorseHalfGoesAtEachRungAndRungsDouble() {
        Score best = Objects.requireNonNull(
                new Halving(trials(5), 2).run(judgements::add).block());
        assertThat(judgements).extracting(Judgement::epoch).containsExactly(2, 4, 8);
        assertThat(judgements).extracting(rung -> rung.on().size()).containsExactly(3, 2, 1);
        assertThat(judgements).extracting(rung -> rung.out().size()).containsExactly(2, 1, 1);
        assertThat(judgements)
                .allSatisfy(rung -> assertThat(rung.out())
                        .allSatisfy(worse -> assertThat(worse.loss())
                                .isGreaterThanOrEqualTo(
                                        rung.on().get(rung.on().size() - 1).loss())));
        assertThat(judgements.get(2).on()).containsExactly(best);
    }

    @Test
    void aTrainingThatGotLostIsTheWorst() {
        List<Trial> trials = List.of(lost(1), new Trial(2, 4, 0.1, 1, LESSONS, EXAM));
        new Halving(trials, 30).run(judgements::add).block();
        assertThat(judgements.get(0).out()).singleElement().satisfies(last -> {
            assertThat(last.trial().name()).isEqualTo("#1");
            assertThat(last.loss()).isNaN();
        });
    }

    @Test
    void epochsAreReportedToTheTask() {
        Outcome<Double> outcome = TaskGroup.using(group -> {
                    Task<Double> task = group.start("trial", trials(1).get(0).train(3, 7, 10));
                    return task.terminated().then(Mono.fromSupplier(() -> {
                        assertThat(task.progress()).contains(new Task.Progress(7, 10));
                        return task.outcome().orElseThrow();
                    }));
                })
                .block();
        assertThat(outcome).isInstanceOf(Outcome.Success.class);
    }

    @Test
    void aCancelEndsAllTrials() {
        Sinks.One<Boolean> firstRung = Sinks.one();
        Outcome<?> outcome = TaskGroup.using(group -> {
                    Task<Score> all =
                            group.start("all", new Halving(trials(8), 1000).run(rung -> firstRung.tryEmitValue(true)));
                    return firstRung
                            .asMono()
                            .doOnNext(cancelled -> all.cancel())
                            .then(all.terminated())
                            .then(Mono.fromSupplier(() -> all.outcome().orElseThrow()));
                })
                .block();
        assertThat(outcome).isInstanceOf(Outcome.Cancelled.class);
        assertThat(TaskTree.dump()).doesNotContain("#1");
    }

    @Test
    void theNetworkLearnsWhatALineCannotTell() {
        Network network = new Network(8, 5);
        assertThat(network.loss(EXAM)).isGreaterThan(0.3);
        for (int epoch = 0; epoch < 300; epoch++) {
            network.learn(LESSONS, 0.1);
        }
        assertThat(network.loss(EXAM)).isCloseTo(0, within(0.1));
        assertThat(network.right(EXAM)).isGreaterThanOrEqualTo(48);
    }

    private static List<Trial> trials(int count) {
        return IntStream.rangeClosed(1, count)
                .mapToObj(i -> new Trial(i, i, 0.01 * i, 7, LESSONS, EXAM))
                .toList();
    }

    private static Trial lost(int number) {
        return new Trial(number, 4, Double.NaN, 1, LESSONS, EXAM);
    }
}
