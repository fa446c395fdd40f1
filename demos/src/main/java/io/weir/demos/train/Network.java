package io.weir.demos.train;

import io.weir.demos.train.Moons.Point;
import java.util.List;
import java.util.Random;

/**
 * A neural network as small as they come: two inputs, one hidden layer of tanh, one output, trained point by point down the gradient.
 * Used by one thread after the other. {@code StrictMath} makes its numbers the same everywhere.
 */
final class Network {
    private final double[] fromX;
    private final double[] fromY;
    private final double[] bias;
    private final double[] toOutput;
    private final double[] hidden;
    private double outputBias;

    Network(int size, long seed) {
        Random random = new Random(seed);
        fromX = random.doubles(size, -1, 1).toArray();
        fromY = random.doubles(size, -1, 1).toArray();
        bias = random.doubles(size, -1, 1).toArray();
        toOutput = random.doubles(size, -1, 1).toArray();
        hidden = new double[size];
    }

    /** How sure it is that the point belongs to the upper moon: from 0 to 1. */
    double upper(Point point) {
        double sum = outputBias;
        for (int i = 0; i < hidden.length; i++) {
            hidden[i] = StrictMath.tanh(fromX[i] * point.x() + fromY[i] * point.y() + bias[i]);
            sum += toOutput[i] * hidden[i];
        }
        return 1 / (1 + StrictMath.exp(-sum));
    }

    /** Goes once through all points. Returns this. */
    Network learn(List<Point> points, double rate) {
        for (Point point : points) {
            double error = upper(point) - (point.upper() ? 1 : 0);
            outputBias -= rate * error;
            for (int i = 0; i < hidden.length; i++) {
                double back = error * toOutput[i] * (1 - hidden[i] * hidden[i]);
                toOutput[i] -= rate * error * hidden[i];
                fromX[i] -= rate * back * point.x();
                fromY[i] -= rate * back * point.y();
                bias[i] -= rate * back;
            }
        }
        return this;
    }

    /** The mean logarithmic loss: 0 is perfect, 0.69 is what guessing gets. */
    double loss(List<Point> points) {
        return points.stream()
                .mapToDouble(point -> {
                    double upper = upper(point);
                    return -StrictMath.log(StrictMath.max(1e-12, point.upper() ? upper : 1 - upper));
                })
                .average()
                .orElse(0);
    }

    /** How many it puts on the right moon. */
    long right(List<Point> points) {
        return points.stream()
                .filter(point -> upper(point) > 0.5 == point.upper())
                .count();
    }
}
