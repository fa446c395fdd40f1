package io.weir.demos.train;

import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

/** Points of two half moons that reach into each other: no straight line divides them, so there is something to learn. */
final class Moons {
    /**
     * A point.
     *
     * @param upper which moon it belongs to
     */
    record Point(double x, double y, boolean upper) {}

    private static final double NOISE = 0.15;

    private Moons() {}

    /** The same points for the same seed, on every machine. */
    static List<Point> points(int count, long seed) {
        Random random = new Random(seed);
        return Stream.generate(() -> point(random)).limit(count).toList();
    }

    private static Point point(Random random) {
        boolean upper = random.nextBoolean();
        double angle = StrictMath.PI * random.nextDouble();
        double x = upper ? StrictMath.cos(angle) : 1 - StrictMath.cos(angle);
        double y = upper ? StrictMath.sin(angle) : 0.5 - StrictMath.sin(angle);
        return new Point(x + NOISE * random.nextGaussian(), y + NOISE * random.nextGaussian(), upper);
    }
}
