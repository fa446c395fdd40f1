package io.weir.demos.sensors;

import java.time.Duration;
import java.util.Random;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** A simulated thermometer: the day goes up and down, and each has whims of its own, always the same ones. */
final class Sensor {
    private static final double TICKS_OF_A_DAY = 300;

    private final long seed;

    Sensor(int number) {
        this.seed = number;
    }

    /** Measures again and again, that long after the reading before was taken; never ahead of demand. */
    Flux<Reading> readings(int count, Duration pause) {
        return Flux.defer(() -> {
            Random whims = new Random(seed);
            double offset = whims.nextGaussian();
            return Flux.range(0, count)
                    .concatMap(tick -> Mono.delay(pause).map(late -> measured(tick, offset, whims)), 1);
        });
    }

    private static Reading measured(int tick, double offset, Random whims) {
        double day = 18 + 5 * StrictMath.sin(2 * StrictMath.PI * tick / TICKS_OF_A_DAY);
        return new Reading(tick, StrictMath.round(1000 * (day + offset + whims.nextGaussian() / 2)));
    }
}
