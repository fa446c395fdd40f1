package io.weir.demos.train;

import io.weir.core.offload.Offload;
import io.weir.core.task.Task;
import io.weir.demos.train.Moons.Point;
import java.util.List;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** One configuration, and the network that is trained with it. */
final class Trial {
    private final int number;
    private final int neurons;
    private final double rate;
    private final List<Point> lessons;
    private final List<Point> exam;
    private final Network network;

    /**
     * @param rate how far each lesson moves the network
     * @param exam points that are not among the lessons
     */
    Trial(int number, int neurons, double rate, long seed, List<Point> lessons, List<Point> exam) {
        this.number = number;
        this.neurons = neurons;
        this.rate = rate;
        this.lessons = lessons;
        this.exam = exam;
        this.network = new Network(neurons, seed + number);
    }

    /**
     * Trains on from one epoch to another, and emits the loss then. Each epoch is a call of its own on the pool for computing: all
     * trials take turns on its few threads, and a cancel waits for one epoch at most. Reports to the task it runs in.
     */
    Mono<Double> train(int from, int to, int last) {
        return Mono.deferContextual(context -> Flux.range(from + 1, to - from)
                .concatMap(epoch -> Offload.cpu(() -> network.learn(lessons, rate))
                        .doOnNext(none -> Task.current(context).ifPresent(task -> task.report(epoch, last))))
                .then(Offload.cpu(() -> network.loss(exam))));
    }

    /** The share of the exam's points that it gets right. */
    double right() {
        return (double) network.right(exam) / exam.size();
    }

    String name() {
        return "#" + number;
    }

    @Override
    public String toString() {
        return "#%d (%d neurons, rate %.3f)".formatted(number, neurons, rate);
    }
}
