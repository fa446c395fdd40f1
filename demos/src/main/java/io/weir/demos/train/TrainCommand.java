package io.weir.demos.train;

import io.weir.demos.command.Use;
import io.weir.demos.train.Moons.Point;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import reactor.core.publisher.Mono;

/** {@code weir demo train}: trains small neural networks with many configurations at once, and keeps the best. */
@Command(
        name = "train",
        usageHelpAutoWidth = true,
        header = "many models trained at once, the worse half cancelled again and again",
        description = {"", "The models learn to tell two half moons of points from each other.", ""})
public final class TrainCommand extends Use {
    private static final int LESSONS = 300;
    private static final int EXAM = 200;

    @Option(
            names = "--trials",
            paramLabel = "N",
            defaultValue = "16",
            description = "Train N configurations. Default: ${DEFAULT-VALUE}.")
    private int trials;

    @Option(
            names = "--epochs",
            paramLabel = "N",
            defaultValue = "10",
            description =
                    "Give all of them N epochs, and the better half twice as many, and so on. Default: ${DEFAULT-VALUE}.")
    private int epochs;

    @Option(
            names = "--seed",
            paramLabel = "N",
            defaultValue = "1",
            description = "What all is drawn from: the same gives the same. Default: ${DEFAULT-VALUE}.")
    private long seed;

    /** For picocli, which fills in the options. */
    public TrainCommand() {}

    @Override
    protected Mono<?> run() {
        require(trials >= 2 && trials <= 1024, "--trials must be from 2 to 1024, not " + trials);
        require(epochs >= 1 && epochs <= 1000, "--epochs must be from 1 to 1000, not " + epochs);
        return Mono.defer(() -> {
            Halving halving = new Halving(drawn(), epochs);
            say("%d configurations, up to %d epochs".formatted(trials, halving.lastEpoch()));
            return halving.run(this::tell)
                    .doOnNext(best -> say("the best: %s, %.1f %% right"
                            .formatted(best.trial(), 100 * best.trial().right())));
        });
    }

    /** Rates from too small to too large, evenly by their order of magnitude. */
    private List<Trial> drawn() {
        List<Point> lessons = Moons.points(LESSONS, seed);
        List<Point> exam = Moons.points(EXAM, seed + 1);
        Random random = new Random(seed);
        List<Trial> drawn = new ArrayList<>();
        for (int i = 1; i <= trials; i++) {
            int neurons = 1 + random.nextInt(12);
            double rate = StrictMath.pow(10, 4 * random.nextDouble() - 3);
            drawn.add(new Trial(i, neurons, rate, seed, lessons, exam));
        }
        return drawn;
    }

    private void tell(Judgement rung) {
        Score best = rung.on().get(0);
        say("after %4d epochs: %s is the best, its loss %.4f; cancelled: %s"
                .formatted(
                        rung.epoch(),
                        best.trial(),
                        best.loss(),
                        rung.out().stream().map(score -> score.trial().name()).collect(Collectors.joining(" "))));
    }
}
