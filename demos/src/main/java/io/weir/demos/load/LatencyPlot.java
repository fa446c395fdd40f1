package io.weir.demos.load;

import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.HdrHistogram.Histogram;

/**
 * Draws latency over percentile as an SVG: each step to the right leaves a tenth as many requests beyond it. As small as a phone
 * is wide, so that its letters can be read there; it scales.
 */
final class LatencyPlot {
    private static final int WIDTH = 360;
    private static final int HEIGHT = 240;
    private static final int LEFT = 44;
    private static final int RIGHT = 10;
    private static final int TOP = 12;
    private static final int BOTTOM = 24;
    private static final int POINTS = 120;

    private final StringBuilder svg = new StringBuilder();
    private final double decades;
    private final double step;
    private final double highest;

    private LatencyPlot(Measurement all) {
        decades = Math.max(1, Math.min(5, Math.ceil(Math.log10(Math.max(2.0, (double)
                all.measured().getTotalCount())))));
        double longest = (double) Math.max(
                1, Math.max(all.measured().getMaxValue(), all.corrected().getMaxValue()));
        step = niceStep(longest / 4.0);
        highest = Math.ceil(longest / step) * step;
    }

    static String of(Measurement all) {
        return new LatencyPlot(all).draw(all);
    }

    private String draw(Measurement all) {
        append(
                "<svg viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"Latency over percentile, %s\">",
                WIDTH, HEIGHT, LoadPage.escaped(all.title()));
        for (double micros = 0; micros <= highest * 1.001; micros += step) {
            double y = y(micros);
            append("<line class=\"grid\" x1=\"%d\" x2=\"%d\" y1=\"%.1f\" y2=\"%.1f\"/>", LEFT, WIDTH - RIGHT, y, y);
            append("<text x=\"%d\" y=\"%.1f\" text-anchor=\"end\">%s</text>", LEFT - 5, y + 3, tick(micros));
        }
        for (int decade = 0; decade <= decades; decade++) {
            double percentile = 100 - 100 / Math.pow(10, decade);
            String anchor = decade == decades ? "end" : "middle";
            append(
                    "<text x=\"%.1f\" y=\"%d\" text-anchor=\"%s\">%s %%</text>",
                    x(percentile), HEIGHT - 8, anchor, name(percentile));
        }
        line("measured", all.measured());
        line("corrected", all.corrected());
        return svg.append("</svg>").toString();
    }

    private void line(String kind, Histogram latencies) {
        String points = IntStream.rangeClosed(0, POINTS)
                .mapToDouble(i -> 100 - 100 / Math.pow(10, decades * i / POINTS))
                .mapToObj(p ->
                        String.format(Locale.ROOT, "%.1f,%.1f", x(p), y((double) latencies.getValueAtPercentile(p))))
                .collect(Collectors.joining(" "));
        append("<polyline class=\"%s\" points=\"%s\"/>", kind, points);
    }

    private double x(double percentile) {
        double nines = -Math.log10(1 - percentile / 100);
        return LEFT + nines / decades * (WIDTH - LEFT - RIGHT);
    }

    private double y(double micros) {
        return HEIGHT - BOTTOM - micros / highest * (HEIGHT - TOP - BOTTOM);
    }

    /** 1, 2 or 5 times a power of ten. */
    private static double niceStep(double atLeast) {
        double power = Math.pow(10, Math.floor(Math.log10(Math.max(1, atLeast))));
        double times = atLeast / power;
        return power * (times <= 1 ? 1 : times <= 2 ? 2 : times <= 5 ? 5 : 10);
    }

    private static String tick(double micros) {
        double millis = micros / 1000;
        return String.format(Locale.ROOT, millis == Math.rint(millis) ? "%.0f ms" : "%.3g ms", millis);
    }

    private static String name(double percentile) {
        String digits = String.format(Locale.ROOT, "%.3f", percentile);
        return digits.replaceAll("\\.?0+$", "").isEmpty() ? "0" : digits.replaceAll("\\.?0+$", "");
    }

    private void append(String format, Object... arguments) {
        svg.append(String.format(Locale.ROOT, format, arguments)).append('\n');
    }
}
