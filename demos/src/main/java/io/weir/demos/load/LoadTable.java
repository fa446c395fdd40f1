package io.weir.demos.load;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.HdrHistogram.Histogram;

/** A measurement as text. */
final class LoadTable {
    static final List<Double> PERCENTILES = List.of(50.0, 90.0, 95.0, 99.0, 99.9, 100.0);

    private LoadTable() {}

    static String of(Measurement all) {
        Histogram measured = all.measured();
        Histogram corrected = all.corrected();
        return Stream.of(
                        Stream.of(all.title(), summary(all)),
                        all.ends().entrySet().stream()
                                .map(end -> "  %-18s %,9d requests".formatted(end.getKey(), end.getValue())),
                        Stream.of("  within               measured    corrected"),
                        PERCENTILES.stream()
                                .map(p -> "  %-18s %10s   %10s".formatted(name(p), at(p, measured), at(p, corrected))))
                .flatMap(lines -> lines)
                .collect(Collectors.joining(System.lineSeparator()));
    }

    static String summary(Measurement all) {
        return "%,d requests in %.1f s, %,.0f/s"
                .formatted(all.measured().getTotalCount(), all.took().toNanos() / 1e9, all.perSecond());
    }

    static String name(double percentile) {
        return percentile == 100 ? "all" : (percentile + " %").replace(".0", "");
    }

    static String at(double percentile, Histogram latencies) {
        return millis(latencies.getValueAtPercentile(percentile));
    }

    static String millis(long micros) {
        return (micros < 10_000 ? "%.2f ms" : micros < 100_000 ? "%.1f ms" : "%,.0f ms").formatted(micros / 1e3);
    }
}
