package io.weir.demos.sensors;

/**
 * What all sensors have measured in a number of ticks, summed up.
 *
 * @param number from 0 on
 * @param readings how many there were
 * @param sum of them, in thousandths of a degree, like the least and the most
 */
record Window(int number, int readings, long sum, long least, long most) {
    static Window empty(int number) {
        return new Window(number, 0, 0, Long.MAX_VALUE, Long.MIN_VALUE);
    }

    Window with(Reading reading) {
        return new Window(
                number,
                readings + 1,
                sum + reading.milli(),
                Math.min(least, reading.milli()),
                Math.max(most, reading.milli()));
    }

    double mean() {
        return readings == 0 ? Double.NaN : (double) sum / readings / 1000;
    }

    String json() {
        return "{\"number\":%d,\"readings\":%d,\"mean\":%.3f,\"least\":%.3f,\"most\":%.3f}"
                .formatted(number, readings, mean(), least / 1000.0, most / 1000.0);
    }

    @Override
    public String toString() {
        return "window %d: %d readings, %.3f degrees, from %.1f to %.1f"
                .formatted(number, readings, mean(), least / 1000.0, most / 1000.0);
    }
}
